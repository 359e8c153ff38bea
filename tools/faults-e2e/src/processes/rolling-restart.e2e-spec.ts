import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient, type Fleet, freePort, TestProcess, waitFor } from '@smart-router/testbed';
import { POD_COUNT, activeCalls, startFleet } from './fleet';

/** One call each at a time, so that there is a pod for every one of them. */
const CLIENTS = POD_COUNT;

/**
 * As docs/evidence/processes.md advises: whatever got no answer is sent to the next process, POST as well, since repeating an
 * operation of this API is safe. Without that, a request that arrives in the instant in which a listener closes is lost.
 */
function nginxConfig(folder: string, port: number, upstreams: readonly number[]): string {
  const servers = upstreams.map((each) => `server 127.0.0.1:${each} max_fails=1 fail_timeout=1s;`).join(' ');
  return `
    daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
    events { worker_connections 512; }
    http {
      access_log off;
      client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
      upstream routers { ${servers} keepalive 16; }
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://routers; proxy_http_version 1.1; proxy_set_header Connection "";
          proxy_next_upstream error timeout non_idempotent; proxy_connect_timeout 1s;
        }
      }
    }`;
}

/** Statuses of answers, and codes of errors where there was none. */
class Load {
  readonly outcomes = new Map<string, number>();
  private isStopped = false;
  private readonly running: Promise<void>[];

  constructor(private readonly api: ApiClient) {
    this.running = Array.from({ length: CLIENTS }, (_, index) => this.run(index));
  }

  get total(): number {
    return [...this.outcomes.values()].reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.running);
  }

  private async run(client: number): Promise<void> {
    for (let call = 0; !this.isStopped; call++) {
      await this.send('allocate', `rolling-${client}-${call}`);
      await this.send('release', `rolling-${client}-${call}`);
    }
  }

  private async send(operation: 'allocate' | 'release', callSid: string): Promise<void> {
    const outcome = await this.api[operation](callSid).then(({ status }) => `${status}`, String);
    const name = `/${operation} ${outcome}`;
    this.outcomes.set(name, (this.outcomes.get(name) ?? 0) + 1);
  }
}

describe('three processes behind nginx that are restarted one after the other', () => {
  let fleet: Fleet;
  let nginx: TestProcess;
  let folder: string;

  afterAll(async () => {
    await nginx?.kill();
    await fleet?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('fail no request and cut no connection', async () => {
    fleet = await startFleet();
    const apps = await Promise.all([1, 2, 3].map(() => fleet.startApi({ SHUTDOWN_DELAY: '1s' })));
    const ports = apps.map(({ baseUrl }) => Number(new URL(baseUrl).port));
    folder = mkdtempSync(join(tmpdir(), 'rolling-'));
    const port = await freePort();
    writeFileSync(join(folder, 'nginx.conf'), nginxConfig(folder, port, ports));
    nginx = TestProcess.start(
      'nginx',
      ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'start.log')],
      {
        env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
      },
    );
    const api = new ApiClient(`http://127.0.0.1:${port}`);
    await waitFor(() => api.isReady(), { description: 'nginx to answer' });

    const load = new Load(api);
    for (const app of apps) {
      const before = load.total;
      await waitFor(() => load.total > before + 100, { timeoutMs: 60_000, description: 'load on all processes' });
      expect(await app.stop()).toEqual({ code: 0, signal: null });
      await app.restart();
    }
    await load.stop();

    expect([...load.outcomes.keys()].sort()).toEqual(['/allocate 200', '/release 200']);
    expect(await activeCalls({ api })).toBe(0);
  });
});
