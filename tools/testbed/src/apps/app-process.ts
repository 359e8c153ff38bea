import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type AppPorts, boundPorts, type LogLine, parseLogs } from './app-logs';
import { type ExitStatus, TestProcess } from '../processes/child-process';
import { ApiClient } from '../http/api-client';
import { waitFor } from '../processes/wait-for';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 40_000;

export type AppName = 'api' | 'leader-worker' | 'smart-router';
export type AppEnv = Readonly<Record<string, string>>;

/**
 * For fleets whose tests are not about limits of time: a machine that stands still for a moment must look like neither
 * an overload nor a Redis that is away.
 */
export const PATIENT_LIMITS: AppEnv = {
  REQUEST_DEADLINE: '15s',
  REDIS_CONNECT_TIMEOUT: '10s',
  MAX_EVENT_LOOP_LAG: '0s',
};

/** The product's own instead, for an app that has to notice that its store takes too long. */
export const SHORT_LIMITS: AppEnv = { REQUEST_DEADLINE: '2s', REDIS_CONNECT_TIMEOUT: '1s' };

/** A built app as a process of its own. */
export interface AppProcess {
  /** `http://127.0.0.1:<port>`, no slash at the end. */
  readonly baseUrl: string;
  readonly metricsUrl: string;
  /** At `baseUrl`. */
  readonly api: ApiClient;
  readonly pid: number;
  /** All lines logged since the start; only the last ones where `keepLines` says so. */
  readonly logs: readonly LogLine[];
  /** SIGTERM; resolves with how it ended. @throws where it does not end, after killing it */
  stop(): Promise<ExitStatus>;
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Comes back under its address when it has ended. Resolves when it has logged "ready". */
  restart(): Promise<void>;
}

export interface AppOptions {
  /** The folder of the built apps. Default `dist/apps` of the workspace. */
  readonly folder?: string;
  /** As in `StartOptions`. */
  readonly keepLines?: number;
}

export interface SpawnOptions extends AppOptions {
  /** A command that takes the command line of the app as its arguments, such as one that sets limits. */
  readonly under?: readonly string[];
  readonly nodeOptions?: readonly string[];
}

export interface FinishedApp extends ExitStatus {
  readonly logs: readonly LogLine[];
  /** All lines of stdout and stderr, JSON or not. */
  readonly output: readonly string[];
}

/**
 * Starts `dist/apps/<name>/main.js` with nothing in its environment but `env`, PATH and ports that the system picks,
 * and resolves when it has logged "ready". @throws with the end of its output where it ends or hangs before that
 */
export async function startApp(name: AppName, env: AppEnv, options: AppOptions = {}): Promise<AppProcess> {
  let running = await launch(name, env, options);
  const { http, metrics } = running.ports;
  const baseUrl = `http://127.0.0.1:${http}`;
  return {
    baseUrl,
    metricsUrl: `http://127.0.0.1:${metrics}`,
    api: new ApiClient(baseUrl),
    get pid() {
      return running.app.pid;
    },
    get logs() {
      return parseLogs(running.app.output);
    },
    stop: () => (running.app.exit ? running.app.exited : running.app.terminate(STOP_TIMEOUT_MS)),
    kill: () => running.app.kill(),
    pause: () => running.app.pause(),
    resume: () => running.app.resume(),
    restart: async () => {
      running = await launch(name, { ...env, HTTP_PORT: `${http}`, METRICS_PORT: `${metrics}` }, options);
    },
  };
}

interface RunningApp {
  readonly app: TestProcess;
  readonly ports: AppPorts;
}

async function launch(name: AppName, env: AppEnv, options: AppOptions): Promise<RunningApp> {
  const app = spawnApp(name, env, options);
  try {
    const ports = await waitFor(() => app.exit !== null || boundPorts(parseLogs(app.output)), {
      timeoutMs: START_TIMEOUT_MS,
      description: `${name} to log "ready"`,
    });
    if (ports === true) throw new Error(`${name} ended with code ${app.exit?.code}`);
    return { app, ports };
  } catch (error) {
    await app.kill();
    throw new Error(`${name} did not start: ${String(error)}\n${app.tail()}`, { cause: error });
  }
}

/** For starts that are meant to fail: runs the app until it ends by itself. @throws where it does not end */
export async function runToExit(name: AppName, env: AppEnv, timeoutMs = START_TIMEOUT_MS): Promise<FinishedApp> {
  const app = spawnApp(name, env);
  try {
    const status = await waitFor(() => app.exit, { timeoutMs, description: `${name} to end by itself` });
    return { ...status, logs: parseLogs(app.output), output: app.output };
  } finally {
    await app.kill();
  }
}

/** As `startApp`, and without waiting for anything, for apps that may not come to be ready. */
export function spawnApp(name: AppName, env: AppEnv, options: SpawnOptions = {}): TestProcess {
  const { under = [], nodeOptions = [], keepLines } = options;
  const root = workspaceRoot(process.cwd());
  const main = join(resolve(root, options.folder ?? 'dist/apps'), name, 'main.js');
  if (!existsSync(main)) throw new Error(`${main} is missing: build ${name} first`);
  const defaults = { PATH: process.env['PATH'] ?? '', HTTP_PORT: '0', METRICS_PORT: '0' };
  const [command = '', ...args] = [...under, join(root, 'node_modules/.bin/node'), ...nodeOptions, main];
  const kept = keepLines === undefined ? {} : { keepLines };
  return TestProcess.start(command, args, { env: { ...defaults, ...env }, cwd: root, ...kept });
}

function workspaceRoot(folder: string): string {
  if (existsSync(join(folder, 'nx.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('not inside the workspace');
  return workspaceRoot(parent);
}
