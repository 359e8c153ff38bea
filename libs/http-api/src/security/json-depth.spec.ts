import { apiOfEachTest } from '../testing/use-test-api';

const BODY_LIMIT_BYTES = 64 * 1024;

const api = apiOfEachTest();

interface Nesting {
  readonly open: string;
  readonly core: string;
  readonly close: string;
}

/** As deep as a body can be, at the place of `@`. */
function deepest(frame: string, { open, core, close }: Nesting): string {
  const depth = Math.floor((BODY_LIMIT_BYTES - frame.length - core.length) / (open.length + close.length));
  return frame.replace('@', `${open.repeat(depth)}${core}${close.repeat(depth)}`);
}

const FRAMES: readonly (readonly [method: string, path: string, frame: string])[] = [
  ['POST', '/api/v1/allocate', '{"call_sid":@}'],
  ['POST', '/api/v1/allocate', '{"call_sid":"deep","unknown":@}'],
  ['POST', '/api/v1/release', '{"call_sid":@}'],
  ['POST', '/api/v1/drain', '{"pod_name":@}'],
  ['PUT', '/api/v1/merchants/m-1', '{"fallback":@}'],
  ['PUT', '/api/v1/merchants/m-1', '{"tier":@}'],
  ['PUT', '/api/v1/merchants/m-1', '{"unknown":@}'],
  ['PUT', '/api/v1/tier-config', '{"version":1,"tiers":@}'],
  ['PUT', '/api/v1/tier-config', '{"version":1,"tiers":{"gold":{"target":1,"unknown":@}}}'],
  ['PUT', '/api/v1/tier-config?dry_run=true', '{"version":1,"tiers":{"gold":{"target":1}},"unknown":@}'],
  ['POST', '/api/v1/tier-config/rollback', '{"to_version":@,"version":1}'],
  ['POST', '/api/v1/exotel/allocate', '{"CallSid":@}'],
  ['POST', '/api/v1/exotel/allocate', '{"CallSid":"deep-2","unknown":@}'],
];

describe.each(FRAMES)('%s %s with %s', (method, path, frame) => {
  it.each([
    ['lists', { open: '[', core: '', close: ']' }],
    ['objects', { open: '{"a":', core: '0', close: '}' }],
  ])('returns no failure of the server when it is as deep in %s as a body can be', async (_name, nesting) => {
    const body = deepest(frame, nesting);
    expect(body.length).toBeGreaterThan(BODY_LIMIT_BYTES - 10);
    const { status } = await api.send(method, path, body);
    expect([200, 400, 422]).toContain(status);
    expect((await api.get('/health')).status).toBe(200);
  });
});
