import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppName, waitFor } from '@smart-router/testbed';

const START_TIMEOUT_MS = 60_000;

/** By default a stall of the machine, busy with other work, would be answered with an error, which ends the run. */
const PATIENCE = { REQUEST_DEADLINE: '30s', MAX_EVENT_LOOP_LAG: '30s' };

/** Where this checkout builds its apps. */
export const OWN_DIST = 'dist';

/** Where `--cpu-prof` puts its files; unset without it. */
let profileFolder: string | undefined;

export function profileApis(folder: string): void {
  profileFolder = folder;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

interface ReadyLine {
  readonly http_port: number;
  readonly metrics_port: number;
}

/**
 * A built app with its real logging. The log goes to a file: to read it from a pipe would cost the bench processor
 * time that it is measuring.
 */
export class BuiltApp {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly ports: ReadyLine,
    /** From the start of the process to its line "ready". */
    readonly startMs: number,
  ) {}

  /**
   * @param env all of its environment but PATH and ports; `LOG_LEVEL` stays `info`, as in production
   * @param dist the folder of the build, which has `apps/<name>/main.js`
   */
  static async start(name: AppName, env: Readonly<Record<string, string>>, dist = OWN_DIST): Promise<BuiltApp> {
    const folder = mkdtempSync(join(tmpdir(), 'smart-router-bench-'));
    const logFile = join(folder, 'log');
    const startedMs = Date.now();
    const child = launch(`${dist}/apps/${name}/main.js`, env, logFile);
    const { line, readyAtMs } = await waitFor(() => child.exitCode !== null || readyLine(logFile), {
      timeoutMs: START_TIMEOUT_MS,
      description: `${name} to log "ready"`,
    }).then((found) => {
      if (found === true) throw new Error(`${name} ended:\n${readFileSync(logFile, 'utf8')}`);
      return found;
    });
    return new BuiltApp(child, folder, line, readyAtMs - startedMs);
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the app was never started');
    return this.child.pid;
  }

  get port(): number {
    return this.ports.http_port;
  }

  /** Forgets what was logged so far, which is a lot after a million calls. */
  truncateLog(): void {
    truncateSync(join(this.folder, 'log'));
  }

  /** SIGSTOP: it does nothing of its own accord until it is resumed. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** Safe to repeat. */
  async stop(): Promise<void> {
    if (!running.has(this.child)) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
    running.delete(this.child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function launch(file: string, env: Readonly<Record<string, string>>, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a');
  const profile = profileFolder !== undefined && !file.includes('leader-worker') ? profileOptions(profileFolder) : [];
  const defaults = { HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', METRICS_PORT: '0', SHUTDOWN_DELAY: '0s', ...PATIENCE };
  const child = spawn(process.execPath, [...profile, file], {
    env: { PATH: process.env['PATH'] ?? '', ...defaults, ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  running.add(child);
  return child;
}

function profileOptions(folder: string): string[] {
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

function readyLine(logFile: string): { line: ReadyLine; readyAtMs: number } | null {
  const text = readFileSync(logFile, 'utf8')
    .split('\n')
    .find((candidate) => candidate.includes('"msg":"ready"'));
  if (text === undefined) return null;
  const line = JSON.parse(text) as ReadyLine & { time: string };
  return { line, readyAtMs: Date.parse(line.time) };
}
