import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestProcess } from '../processes/child-process';
import { freePort } from '../processes/free-port';
import { askRedis } from './redis-inline';
import { waitFor } from '../processes/wait-for';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
const PORT_ATTEMPTS = 5;

export interface RedisProcessOptions {
  /** More arguments of redis-server, for example `['--requirepass', 'secret']`. The log level must stay at notice. */
  readonly args?: readonly string[];
  /** Asked for by the server, and part of `url`. Default: none. */
  readonly password?: string;
  /** More of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** To come back where another one was before. Default: a free one. */
  readonly port?: number;
}

/** A redis-server on a port of its own, without persistence, in a folder that goes away with it. */
export interface RedisProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it in an orderly way; safe to repeat. */
  stop(): Promise<void>;
  /** SIGKILL: the connections break without a word. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open, nothing is answered. */
  pause(): void;
  resume(): void;
}

/** Starts a Redis and resolves when it answers. Another process may take the free port first, so it tries a few. */
export async function startRedis(options: RedisProcessOptions = {}): Promise<RedisProcess> {
  for (let attempt = 1; ; attempt++) {
    const redis = await launch(options.port ?? (await freePort()), options);
    if (redis.kind === 'ready') return redis.process;
    if (attempt === PORT_ATTEMPTS || options.port !== undefined || !redis.output.includes('Address already in use')) {
      throw new Error(`redis-server did not start:\n${redis.output}`);
    }
  }
}

type Launch =
  { readonly kind: 'ready'; readonly process: RedisProcess } | { readonly kind: 'ended'; readonly output: string };

async function launch(port: number, { args = [], env = {}, password }: RedisProcessOptions): Promise<Launch> {
  const folder = await mkdtemp(join(tmpdir(), 'smart-router-redis-'));
  const fixed = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  const secret = password === undefined ? [] : ['--requirepass', password];
  const child = TestProcess.start('redis-server', [...fixed, ...secret, ...args], {
    env: { ...inheritedPath(), ...env },
  });
  const dispose = async (end: () => Promise<unknown>): Promise<void> => {
    await end();
    await rm(folder, { recursive: true, force: true });
  };
  const isReady = await answers(child, port).catch(async (error: unknown) => {
    await dispose(() => child.kill());
    throw error;
  });
  if (!isReady) {
    await dispose(() => child.kill());
    return { kind: 'ended', output: child.tail() };
  }
  return {
    kind: 'ready',
    process: {
      url: `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`,
      port,
      pid: child.pid,
      stop: () => dispose(() => (child.exit ? child.exited : child.terminate(STOP_TIMEOUT_MS))),
      kill: () => dispose(() => child.kill()),
      pause: () => child.pause(),
      resume: () => child.resume(),
    },
  };
}

/** @returns whether it answers; `false` where it has ended instead */
async function answers(child: TestProcess, port: number): Promise<boolean> {
  await waitFor(() => child.exit !== null || (isListening(child) && ping(port)), {
    timeoutMs: START_TIMEOUT_MS,
    description: `redis-server on port ${port} to answer`,
  });
  return child.exit === null;
}

/** Its own words: on a lost race for the port, another server would answer the ping. */
function isListening(child: TestProcess): boolean {
  return child.output.some((line) => line.includes('Ready to accept connections'));
}

async function ping(port: number): Promise<boolean> {
  const reply = await askRedis(port, 'PING').catch((error: unknown) => String(error));
  return reply === 'PONG' || reply.includes('NOAUTH');
}

function inheritedPath(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '' };
}
