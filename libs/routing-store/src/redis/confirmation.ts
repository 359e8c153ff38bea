import { type Confirm, type ReplicationBarrier, type ScriptReply, UnconfirmedWriteError } from '@smart-router/redis';
import type { StoreObserver } from '../domain/store-observer';

/** Outcomes on which no caller relies later: a call that was refused is asked for again. What they write may be lost. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  'call-ended',
  'conflict',
  'foreign-call',
  'held',
  'late',
  'merchant-config-changed',
  'no-capacity',
  'terminating',
  'too-many-unknown',
  'unknown-pod',
]);

/** Has replicas confirm what a script has changed. A refusal waits for none, so that it stays one while they are away. */
export function confirmBy(barrier: Pick<ReplicationBarrier, 'confirm'>, observer: StoreObserver): Confirm {
  return async (reply) => {
    const confirmed = barrier.confirm();
    // It is looked at below, where it is.
    confirmed.catch(() => undefined);
    if (isRefusal(await reply)) return;
    try {
      await confirmed;
    } catch (error) {
      if (error instanceof UnconfirmedWriteError) observer.writeUnconfirmed();
      throw error;
    }
  };
}

function isRefusal(reply: ScriptReply): boolean {
  return Array.isArray(reply) && REFUSALS.has(reply[0]);
}
