import type { CallEnd } from '@smart-router/allocator';
import { backOffMs, type BackOffPolicy, type Clock, withTimeout } from '@smart-router/scheduling';
import type { CallOperations, CallToEnd } from './call-operations';

/** What became of a call that had to be ended afterwards; also the value of a metric label. */
export type CleanupResult =
  /** It held a pod, which is free now. */
  | 'released'
  /** It held none, or was another provider's. */
  | 'unknown_call'
  /** Every try failed, or the process ended first: the pod may be held until the lease runs out. */
  | 'given_up'
  /** Too many others waited. */
  | 'dropped';

export interface EndCallRetryQueueOptions {
  readonly endCall: CallOperations['endCall'];
  /** Notified once about each call; of one that is taken on again after a stop, once more. */
  readonly onResult: (result: CleanupResult) => void;
  readonly clock: Clock;
  /** After this time a try has failed, whatever still runs. */
  readonly tryMs: number;
  /** How many calls may wait at a time. */
  readonly maxCalls?: number;
}

const MAX_CALLS = 10_000;
const MAX_TRIES = 10;
const BACK_OFF: BackOffPolicy = { firstMs: 500, maxMs: 30_000, jitter: 'none' };

/**
 * Ends calls in the background that are over for their provider while the store may still know them as live.
 *
 * Invariant: a call that was added either ends in the store, or is counted as given up or dropped. The first try is
 * made at once, so that the mark of the ended call is there before a duplicate of its webhook is; nine more follow
 * within about two minutes. It may be ended twice, which changes nothing. What a stop has given up or dropped is taken
 * on again where the queue is resumed: the pods of these calls would be held until their leases run out.
 */
export class EndCallRetryQueue {
  /** By provider and call. */
  private readonly pending = new Map<string, Promise<void>>();
  /** What may still have to be ended when the queue is resumed. */
  private readonly unended = new Map<string, CallToEnd>();
  /** Aborted while it is stopped: ends all pauses. */
  private stopping = new AbortController();

  constructor(private readonly options: EndCallRetryQueueOptions) {}

  /** Takes calls on again after `stop`; before that it takes them on without being asked. */
  resume(): void {
    if (!this.isStopped) return;
    this.stopping = new AbortController();
    const calls = [...this.unended.values()];
    this.unended.clear();
    for (const call of calls) this.add(call);
  }

  /** Does not wait and does not throw. */
  add(call: CallToEnd): void {
    const key = keyOf(call.provider, call.callSid);
    if (this.pending.has(key)) return;
    if (this.isStopped || this.pending.size >= this.maxCalls) {
      this.keepForResume(key, call);
      this.options.onResult('dropped');
      return;
    }
    this.pending.set(key, this.cleanUp(key, call));
  }

  /** Whether the call of this provider waits for its end. */
  isPending(provider: string, callSid: string): boolean {
    return this.pending.has(keyOf(provider, callSid));
  }

  /** Gives each waiting call one last try at once. Resolves after `tryMs` at the latest, with nothing left behind. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.pending.values());
  }

  private async cleanUp(key: string, call: CallToEnd): Promise<void> {
    const result = await this.endWithRetries(call);
    this.pending.delete(key);
    if (result === 'given_up') this.keepForResume(key, call);
    this.options.onResult(result);
  }

  private keepForResume(key: string, call: CallToEnd): void {
    if (this.isStopped && this.unended.size < this.maxCalls) this.unended.set(key, call);
  }

  private async endWithRetries(call: CallToEnd): Promise<CleanupResult> {
    for (let failures = 0; ;) {
      const ended = await this.tryToEnd(call);
      if (ended !== null) return ended.kind === 'released' ? 'released' : 'unknown_call';
      failures += 1;
      if (failures === MAX_TRIES || this.isStopped) return 'given_up';
      await this.options.clock.sleep(backOffMs(BACK_OFF, failures, 0), this.stopping.signal);
    }
  }

  private async tryToEnd(call: CallToEnd): Promise<CallEnd | null> {
    const { clock, endCall, tryMs } = this.options;
    try {
      return await withTimeout(() => endCall(call), { ms: tryMs, clock, name: 'ending a call' });
    } catch {
      // Any failure means another try; the one that remains in the end is the result.
      return null;
    }
  }

  private get maxCalls(): number {
    return this.options.maxCalls ?? MAX_CALLS;
  }

  private get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }
}

/** Neither of them holds a space. */
function keyOf(provider: string, callSid: string): string {
  return `${provider} ${callSid}`;
}
