import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(__dirname, '../../../..');

/** Bundles the fixture application as a real one is bundled. @returns the file to run */
export function bundleFixture(): string {
  const outdir = mkdtempSync(join(tmpdir(), 'runtime-fixture-'));
  const args = ['tools/build/bundle.mjs', 'libs/runtime/src/testing/fixture-app.ts', '--outdir', outdir];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the fixture could not be bundled: ${stderr}`);
  return join(outdir, 'main.js');
}

type Line = Readonly<Record<string, unknown>>;

export interface FixtureOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What goes wrong; see `fixture-app.ts`. */
  readonly fault?: string;
}

/** A running fixture: its output, its log lines, its end. */
export class FixtureProcess {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  private isClosed = false;
  /** It has ended and all that it wrote was read. */
  private readonly closed: Promise<void>;

  constructor(file: string, options: FixtureOptions = {}) {
    const { fault: FIXTURE_FAULT = 'none' } = options;
    const servers = { HTTP_PORT: '0', METRICS_PORT: '0', HTTP_HOST: '127.0.0.1', SHUTDOWN_DELAY: '0s' };
    const env = { ...servers, FIXTURE_FAULT, ...options.env };
    this.child = spawn(process.execPath, [file, ...(options.args ?? [])], { env });
    this.closed = new Promise((resolve) => {
      this.child.once('close', () => {
        this.isClosed = true;
        resolve();
      });
    });
    this.child.stdout?.on('data', (data: Buffer) => (this.stdout += data.toString()));
    this.child.stderr?.on('data', (data: Buffer) => (this.stderr += data.toString()));
  }

  lines(): Line[] {
    return this.stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);
  }

  /** Waits for a log line with this message. */
  async line(message: string): Promise<Line> {
    for (;;) {
      const found = this.lines().find((line) => line['msg'] === message);
      if (found) return found;
      if (this.isClosed) throw new Error(`no line "${message}" in ${this.stdout}${this.stderr}`);
      await sleep(20);
    }
  }

  /** Waits for the start. @returns the addresses of both servers */
  async ready(): Promise<{ api: string; metrics: string }> {
    const line = await this.line('ready');
    return { api: `http://127.0.0.1:${line['http_port']}`, metrics: `http://127.0.0.1:${line['metrics_port']}` };
  }

  async exitCode(): Promise<number | null> {
    await this.closed;
    return this.child.exitCode;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
