import { type CallOperation, HistoryJudge, type Verdict } from '@smart-router/history-checker';
import { Caller, endGap, type Figures, noFigures } from './callers';
import { FAULTS, type FaultName } from './faults';
import { countLeaks, type Fleet, POD_NAMES, startFleet } from './fleet';
import { SETTINGS, type SettingName } from './settings';

export const CLIENTS_PER_SIDE = 8;
const QUIET_TIMEOUT_MS = 15_000;

export interface Measurement {
  readonly fault: FaultName;
  readonly setting: SettingName;
  readonly acknowledged: number;
  /** Calls that the store did not know any more when their clients ended them. */
  readonly lost: number;
  /** Times that a call got a pod which another one certainly held. */
  readonly doubleGrants: number;
  readonly callsOnTwoPods: number;
  /** Pods that are not offered though all calls have ended. */
  readonly leaks: number;
  readonly unanswered: number;
  /** The longest time without a new grant, on the side that was served last. */
  readonly recoveryMs: number;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface RunOptions {
  /** On top of the setting's. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long calls are made before the fault. Default 3 s. */
  readonly beforeMs?: number;
  /** How long they go on when it is over. Default 9 s, as the leader takes up to 5 s to notice that everything was flushed. */
  readonly afterMs?: number;
}

/** One run: calls on both sides, the fault among them, and a judgement by what the clients saw alone. */
export async function measure(fault: FaultName, setting: SettingName, options: RunOptions = {}): Promise<Measurement> {
  const redis = await FAULTS[fault].start();
  try {
    const fleet = await startFleet(redis, { ...SETTINGS[setting], ...options.env });
    try {
      return { fault, setting, ...(await runCalls(() => FAULTS[fault].happen(redis), fleet, options)) };
    } finally {
      await fleet.stop();
    }
  } finally {
    await redis.stop();
  }
}

async function runCalls(
  happen: () => Promise<void>,
  fleet: Fleet,
  { beforeMs = 3_000, afterMs = 9_000 }: RunOptions,
): Promise<Omit<Measurement, 'fault' | 'setting'>> {
  const figures: Figures[] = fleet.apis.map(noFigures);
  const callers = fleet.apis.flatMap(({ baseUrl }, side) =>
    Array.from(
      { length: CLIENTS_PER_SIDE },
      (_, index) => new Caller(side * CLIENTS_PER_SIDE + index, baseUrl, figures[side] as Figures),
    ),
  );
  const stop = new AbortController();
  const running = Promise.all(callers.map((caller) => caller.run(stop.signal)));
  try {
    await sleep(beforeMs);
    await happen();
    await sleep(afterMs);
  } finally {
    stop.abort();
    figures.forEach(endGap);
    await running;
  }
  const calls = callers.flatMap((caller) => caller.calls).filter((call) => call.length > 0);
  const asTold = judge(calls);
  // A client whose release is answered with "unknown call" has hung up all the same: its pod is nobody's from then on.
  const asMeant = judge(calls.map((call) => call.map(withEnd)));
  const total = (name: 'acknowledged' | 'unanswered'): number => figures.reduce((sum, one) => sum + one[name], 0);
  return {
    acknowledged: total('acknowledged'),
    lost: asTold['lost-call'] ?? 0,
    doubleGrants: asMeant['double-grant'] ?? 0,
    callsOnTwoPods: asTold['call-on-two-pods'] ?? 0,
    leaks: await countLeaks(fleet.apis, QUIET_TIMEOUT_MS),
    unanswered: total('unanswered'),
    recoveryMs: Math.max(...figures.map(({ longestGapMs }) => longestGapMs)),
  };
}

function judge(calls: readonly (readonly CallOperation[])[]): Verdict['counts'] {
  const history = new HistoryJudge(new Map(POD_NAMES.map((name) => [name, 1])));
  for (const call of calls) history.addCall(call);
  return history.finish().counts;
}

function withEnd(operation: CallOperation): CallOperation {
  const isRefused = operation.op === 'release' && operation.result.kind === 'unknown-call';
  return isRefused ? { ...operation, returnNs: null, result: { kind: 'unknown' } } : operation;
}
