import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppProcess, freePort, TestProcess, waitFor } from '@smart-router/testbed';
import { type Fleet, POD_COUNT, startFleet } from './fleet';
import { activeCalls, ask } from './http';

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
  private readonly agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  private isStopped = false;
  private readonly running: Promise<void>[];

  constructor(private readonly baseUrl: string) {
    this.running = Array.from({ length: CLIENTS }, (_, index) => this.run(index));
  }

  get total(): number {
    return [...this.outcomes.values()].reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.running);
    this.agent.destroy();
  }

  private async run(client: number): Promise<void> {
    for (let call = 0; !this.isStopped; call++) {
      await this.send('/allocate', `rolling-${client}-${call}`);
      await this.send('/release', `rolling-${client}-${call}`);
    }
  }

  private send(path: string, callSid: string): Promise<void> {
    return new Promise((resolve) => {
      const note = (outcome: string): void => {
        this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
        resolve();
      };
      const options = { method: 'POST', agent: this.agent, headers: { 'content-type': 'application/json' } };
      const sent = request(`${this.baseUrl}/api/v1${path}`, options, (response) => {
        response.resume().once('end', () => note(`${path} ${response.statusCode}`));
      });
      sent.once('error', (error: NodeJS.ErrnoException) => note(`${path} ${error.code}`));
      sent.end(JSON.stringify({ call_sid: callSid }));
    });
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
    const ports = [await freePort(), await freePort(), await freePort()];
    const start = (port: number): Promise<AppProcess> => fleet.startApi({ SHUTDOWN_DELAY: '1s', HTTP_PORT: `${port}` });
    const apps = await Promise.all(ports.map(start));
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
    const baseUrl = `http://127.0.0.1:${port}`;
    await waitFor(async () => (await ask(`${baseUrl}/ready`)).status === 200, { description: 'nginx to answer' });

    const load = new Load(baseUrl);
    for (const [index, app] of apps.entries()) {
      const before = load.total;
      await waitFor(() => load.total > before + 100, { timeoutMs: 60_000, description: 'load on all processes' });
      expect(await app.stop()).toEqual({ code: 0, signal: null });
      await start(ports[index] ?? 0);
    }
    await load.stop();

    expect([...load.outcomes.keys()].sort()).toEqual(['/allocate 200', '/release 200']);
    expect(await activeCalls({ baseUrl })).toBe(0);
  });
});
