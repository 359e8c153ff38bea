import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXCLUSIVE, SHARED } from '../floor/fleet-names';
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

/** What most rows are measured on: 5,000 exclusive and 5,000 shared pods, a leader, an API, and floor F1 beside it. */
export interface StandardFleet {
  readonly fleet: Fleet;
  readonly api: BuiltApp;
  readonly leader: BuiltApp;
  readonly floor: { readonly pid: number; readonly port: number };
  /** The names of all pods, one a line. */
  readonly podsFile: string;
  stop(): Promise<void>;
}

export async function startStandardFleet(context: BenchContext): Promise<StandardFleet> {
  const folder = mkdtempSync(join(tmpdir(), 'smart-router-bench-pods-'));
  const podsFile = join(folder, 'pods');
  const count = SIZE.exclusivePods + SIZE.sharedPods;
  writeFileSync(podsFile, Array.from({ length: count }, (_, index) => `voice-agent-${index}\n`).join(''));

  const fleet = await Fleet.start(SIZE);
  // It reconciles when asked to, so that it is measured where it is meant to be, and nowhere else.
  const leaderEnv = { STATIC_PODS_FILE: podsFile, RECONCILE_INTERVAL: '24h', CLEANUP_INTERVAL: '1s' };
  const leader = await fleet.startApp('leader-worker', leaderEnv);
  const api = await startApi(fleet);
  const floor = Child.start<object, number>('http-floor', [fleet.redis.url]);
  const port = await floor.ask({});
  for (const { merchant } of [EXCLUSIVE, SHARED]) await warmUp(context, api.port, merchant);
  await warmUp(context, port, EXCLUSIVE.merchant);
  return {
    fleet,
    api,
    leader,
    floor: { pid: floor.pid, port },
    podsFile,
    stop: async () => {
      await floor.stop();
      await fleet.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export function startApi(fleet: Fleet): Promise<BuiltApp> {
  return fleet.startApp('api', { PUBLIC_BASE_URL, TWILIO_AUTH_TOKEN, VOICE_AGENT_BASE_URL });
}
