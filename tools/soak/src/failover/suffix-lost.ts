import type { AppProcess } from '@smart-router/testbed';
import type { Fleet } from './fleet';
import { checkOutcome, type Outcome } from './outcome';
import { sleep } from '../clock';
import { noFigures, RecordedCall } from './recorded-call';
import type { SentinelSetup } from './redis-setup';
import { cutReplicas, promoted, replicated, uncutReplicas } from './replication';

/** Longer than any hold of new grants: what would be granted wrongly is granted by then. */
const AFTER_PROMOTION_MS = 8_000;
const RETRY_MS = 100;
const QUIET_MS = 15_000;

/**
 * Every process lives, and each knows another part of what the store has lost: B ended calls that the new master still
 * has, A was granted their pods, and C asks for pods as soon as it can. None of A's calls may be lost or doubled.
 */
export async function loseSuffix(setup: SentinelSetup, fleet: Fleet): Promise<Outcome> {
  const [a, b, c] = fleet.apis;
  const figures = noFigures();
  const callsNamed = (name: string) =>
    fleet.podNames.map((_, index) => new RecordedCall(`${name}-${index}`, index, figures));
  const [old, kept, late] = [callsNamed('old'), callsNamed('kept'), callsNamed('late')];

  await all(old, (call) => call.untilKnown(b.baseUrl, 'allocate'));
  await replicated(setup);
  await cutReplicas(setup, [1, 2]);
  // Once each: where replicas must confirm it, none of it is acknowledged.
  await all(old, (call) => call.ask(b.baseUrl, 'release'));
  await all(kept, (call) => call.ask(a.baseUrl, 'allocate'));
  const killedMs = performance.now();
  await setup.sentinel.nodes[0]?.kill();
  await uncutReplicas(setup);

  const answeredMs = await askUntilServed(late, c, promoted(setup));
  await all(kept, (call) => call.untilKnown(a.baseUrl, 'release'));
  await all(late, (call) => call.untilKnown(c.baseUrl, 'release'));
  await all(old, (call) => (isEnded(call) ? Promise.resolve() : call.untilKnown(b.baseUrl, 'release')));
  const outageMs = answeredMs - killedMs;
  return checkOutcome({ fleet, calls: [...old, ...kept, ...late], figures: [figures], outageMs, quietMs: QUIET_MS });
}

const all = (calls: readonly RecordedCall[], ask: (call: RecordedCall) => Promise<unknown>): Promise<unknown> =>
  Promise.all(calls.map(ask));

const isEnded = ({ operations }: RecordedCall): boolean =>
  operations.some(({ result }) => result.kind === 'released' || result.kind === 'unknown-call');

/** Each call asks for a pod until it has one or the time is over. @returns when the first answer came that counts */
async function askUntilServed(calls: readonly RecordedCall[], api: AppProcess, began: Promise<void>): Promise<number> {
  let answeredMs = Infinity;
  let isOver = false;
  const asking = all(calls, async (call) => {
    while (!isOver) {
      const { kind } = await call.ask(api.baseUrl, 'allocate');
      if (kind !== 'unknown') answeredMs = Math.min(answeredMs, performance.now());
      if (kind === 'allocated') return;
      await sleep(RETRY_MS);
    }
  });
  await began.then(() => sleep(AFTER_PROMOTION_MS)).finally(() => (isOver = true));
  await asking;
  return answeredMs;
}
