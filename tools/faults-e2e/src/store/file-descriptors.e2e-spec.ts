import { connect } from 'node:net';
import { setTimeout as hold } from 'node:timers/promises';
import { freePort, spawnApp, type TestProcess, waitFor } from '@smart-router/testbed';

const LIMIT = 64;
/** How long the fault lasts: whatever a process does now and then, it does without descriptors, too. */
const FAULT_MS = 3_000;

describe('an API process without free file descriptors', () => {
  let api: TestProcess;

  afterEach(() => api?.kill());

  it('serves again when connections have gone', async () => {
    const port = await freePort();
    const under = ['sh', '-c', `ulimit -n ${LIMIT}; exec "$@"`, 'sh'];
    api = spawnApp('smart-router', { HTTP_HOST: '127.0.0.1', HTTP_PORT: `${port}` }, { under });
    const isServing = async () => {
      const { ok } = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(500) });
      return ok;
    };
    await waitFor(isServing, { timeoutMs: 30_000, description: 'the API to serve' });

    let rejection = 0;
    const sockets = Array.from({ length: LIMIT * 3 }, () => connect(port, '127.0.0.1').resume());
    for (const socket of sockets) {
      socket.on('error', () => {
        // 'close' follows.
      });
      socket.once('close', () => rejection++);
    }
    await waitFor(() => rejection > 0, { description: 'the descriptors to run out' });
    await hold(FAULT_MS);
    expect(api.exit).toBeNull();
    for (const socket of sockets) socket.destroy();

    await waitFor(isServing, { timeoutMs: 10_000, description: 'the API to serve again' });
    expect(api.exit).toBeNull();
  });
});
