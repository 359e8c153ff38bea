import { startTestApi, type TestApi } from './test-api';

/** Starts an API before each test and closes it afterwards. @returns the one of the test that runs */
export function apiOfEachTest(env: Record<string, string> = {}): TestApi {
  const { api, start, stop } = replaceableApi(env);
  beforeEach(start);
  afterEach(stop);
  return api;
}

/** Starts one API for all tests of the file, or of the `describe` around the call. */
export function apiOfAllTests(env: Record<string, string> = {}): TestApi {
  const { api, start, stop } = replaceableApi(env);
  beforeAll(start);
  afterAll(stop);
  return api;
}

/** An API that tests can name before it was started. */
function replaceableApi(env: Record<string, string>) {
  let current: TestApi | undefined;
  const started = (): TestApi => {
    if (current === undefined) throw new Error('the API is started by a hook: use it in tests');
    return current;
  };
  return {
    api: new Proxy({} as TestApi, { get: (_, key): unknown => Reflect.get(started(), key) }),
    start: async () => void (current = await startTestApi(env)),
    stop: () => current?.close(),
  };
}
