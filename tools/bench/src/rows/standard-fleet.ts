import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXCLUSIVE, SHARED } from '../floor/fleet-names';
import type { CallScripts } from '../floor/sent-scripts';
import { watchScripts } from '../floor/watch-scripts';
import type { BuiltApp } from '../processes/built-app';
import { Child } from '../processes/child';
import { type BenchContext, warmUp } from './bench-context';
import { Fleet } from './fleet';

/** Twilio's signature is made from these. */
export const PUBLIC_BASE_URL = 'https://calls.example.com';

/** Twilio wants TLS; nothing connects to it here. */
export const VOICE_AGENT_BASE_URL = 'wss://agents.example.com';
export const TWILIO_AUTH_TOKEN = 'bench-token';

const SIZE = { exclusivePods: 5_000, sharedPods: 5_000, maxConcurrent: 5 };

/** 5,000 exclusive and 5,000 shared pods, a leader, and an API that serves them. */
export interface ServedFleet {
  readonly fleet: Fleet;
  readonly api: BuiltApp;
  readonly leader: BuiltApp;
  /** The names of all pods, one a line. */
  readonly podsFile: string;
  stop(): Promise<void>;
}

export interface Floor {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** What most rows are measured on: a served fleet, and floor F1 beside its API. */
export interface StandardFleet extends ServedFleet {
  readonly floor: Floor;
}

export async function startStandardFleet(context: BenchContext): Promise<StandardFleet> {
  const served = await startServedFleet();
  const floor = await startFloor(served);
  for (const { merchant } of [EXCLUSIVE, SHARED]) await warmUp(context, served.api.port, merchant);
  await warmUp(context, floor.port, EXCLUSIVE.merchant);
  const stop = async (): Promise<void> => {
    await floor.stop();
    await served.stop();
  };
  return { ...served, floor, stop };
}

/** @param dist the folder of the build that serves it; this one's where it is left out */
export async function startServedFleet(dist?: string): Promise<ServedFleet> {
  const folder = mkdtempSync(join(tmpdir(), 'smart-router-bench-pods-'));
  const podsFile = join(folder, 'pods');
  const count = SIZE.exclusivePods + SIZE.sharedPods;
  writeFileSync(podsFile, Array.from({ length: count }, (_, index) => `voice-agent-${index}\n`).join(''));

  const fleet = await Fleet.start(SIZE, dist);
  // It reconciles when asked to, so that it is measured where it is meant to be, and nowhere else.
  const leaderEnv = { STATIC_PODS_FILE: podsFile, RECONCILE_INTERVAL: '24h', CLEANUP_INTERVAL: '1s' };
  const leader = await fleet.startApp('leader-worker', leaderEnv);
  const api = await startApi(fleet);
  const stop = async (): Promise<void> => {
    await fleet.stop();
    rmSync(folder, { recursive: true });
  };
  return { fleet, api, leader, podsFile, stop };
}

/** Floor F1 on the same Redis, for calls of the exclusive pool. It sends the scripts that the API of the fleet sends. */
export async function startFloor({ fleet, api }: ServedFleet): Promise<Floor> {
  const scripts = await watchScripts(fleet.redis.port, api.port, EXCLUSIVE.merchant);
  const floor = Child.start<CallScripts, number>('http-floor', [fleet.redis.url]);
  return { pid: floor.pid, port: await floor.ask(scripts), stop: () => floor.stop() };
}

export function startApi(fleet: Fleet): Promise<BuiltApp> {
  return fleet.startApp('api', { PUBLIC_BASE_URL, TWILIO_AUTH_TOKEN, VOICE_AGENT_BASE_URL });
}
