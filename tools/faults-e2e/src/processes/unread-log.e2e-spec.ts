import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApiClient,
  freePort,
  PATIENT_LIMITS,
  readMetric,
  spawnApp,
  type TestProcess,
  waitFor,
} from '@smart-router/testbed';

/** More lines than a pipe holds: it has room for 64 KiB, and each request writes one line of some 300 bytes. */
const REQUESTS = 400;

describe('a log that takes no lines', () => {
  let folder: string;
  let app: TestProcess;
  let api: ApiClient;
  let metricsUrl: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'unread-log-'));
    spawnSync('mkfifo', [join(folder, 'log')]);
  });

  afterEach(() => app?.kill());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** @param redirect where the shell sends stdout */
  async function start(redirect: string): Promise<void> {
    const [port, metricsPort] = [await freePort(), await freePort()];
    api = new ApiClient(`http://127.0.0.1:${port}`);
    metricsUrl = `http://127.0.0.1:${metricsPort}`;
    const ports = { HTTP_HOST: '127.0.0.1', HTTP_PORT: `${port}`, METRICS_PORT: `${metricsPort}` };
    const under = ['sh', '-c', `cd "$0"; ${redirect} "$@"`, folder];
    app = spawnApp('smart-router', { ...PATIENT_LIMITS, ...ports, SHUTDOWN_DELAY: '0s' }, { under });
    await waitFor(() => api.isReady(), {
      timeoutMs: 60_000,
      description: 'the app to be ready',
    });
  }

  /** Held open for reading by the shell's own descriptor, so that nobody reads and nothing breaks. */
  const NOBODY_READS = 'exec 3<>log; exec >&3;  exec';
  const DISK_FULL = 'exec >/dev/full; exec';

  it.each([
    ['nobody reads it', NOBODY_READS],
    ['the disk is full', DISK_FULL],
  ])('keeps no call from its pod and no process from its end when %s', async (_, redirect) => {
    await start(redirect);
    const statuses: number[] = [];
    for (let index = 0; index < REQUESTS / 2; index++) {
      statuses.push((await api.allocate('unread-1')).status, (await api.release('unread-1')).status);
    }
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await readMetric({ metricsUrl }, 'smart_router_log_lines_dropped_total')).toBe(0);
    expect(await app.terminate(30_000)).toEqual({ code: 0, signal: null });
  });
});
