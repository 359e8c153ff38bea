import { type CallOperation, HistoryChecker, type Verdict } from '@smart-router/history-checker';
import { type Fleet, readRest, type Rest } from './fleet';
import type { Figures, RecordedCall } from './recorded-call';

/** What became of the calls of one run, by what their clients saw. */
export interface Outcome extends Rest {
  readonly acknowledged: number;
  /** Calls that the store did not know any more when their clients ended them. */
  readonly lost: number;
  /** Times that a call got a pod which another one certainly held. */
  readonly doubleGrants: number;
  readonly callsOnTwoPods: number;
  readonly unanswered: number;
  /** The longest time without a new grant, at the process that was served last. */
  readonly outageMs: number;
}

export interface Evidence {
  readonly fleet: Fleet;
  /** All of them have ended. */
  readonly calls: readonly RecordedCall[];
  readonly figures: readonly Figures[];
  readonly outageMs: number;
  /** How long the product has to come to rest. */
  readonly quietMs: number;
}

export async function checkOutcome({ calls, figures, fleet, outageMs, quietMs }: Evidence): Promise<Outcome> {
  const histories = calls.map(({ operations }) => operations).filter((operations) => operations.length > 0);
  const asRecorded = verdict(histories, fleet);
  // A client whose release is answered with "unknown call" has hung up all the same: its pod is nobody's from then on.
  const asMeant = verdict(
    histories.map((operations) => operations.map(withEnd)),
    fleet,
  );
  const total = (name: 'acknowledged' | 'unanswered'): number => figures.reduce((sum, one) => sum + one[name], 0);
  return {
    acknowledged: total('acknowledged'),
    lost: asRecorded['lost-call'] ?? 0,
    doubleGrants: asMeant['double-grant'] ?? 0,
    callsOnTwoPods: asRecorded['call-on-two-pods'] ?? 0,
    ...(await readRest(fleet, quietMs)),
    unanswered: total('unanswered'),
    outageMs,
  };
}

function verdict(histories: readonly (readonly CallOperation[])[], { podNames }: Fleet): Verdict['counts'] {
  const history = new HistoryChecker(new Map(podNames.map((name) => [name, 1])));
  for (const operations of histories) history.addCall(operations);
  return history.finish().counts;
}

function withEnd(operation: CallOperation): CallOperation {
  const isRefused = operation.op === 'release' && operation.result.kind === 'unknown-call';
  return isRefused ? { ...operation, returnNs: null, result: { kind: 'unknown' } } : operation;
}
