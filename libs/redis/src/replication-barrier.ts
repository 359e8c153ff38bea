import { Cluster } from 'ioredis';
import type { ClientHolder } from './client';
import { UnconfirmedWriteError } from './errors';

export interface ReplicationRequirement {
  /** So many replicas must have a write, at least 1. */
  readonly replicas: number;
  readonly timeoutMs: number;
}

/**
 * Waits until replicas have what was written, by WAIT. At most one WAIT is on its way: whatever is sent until it
 * returns shares the next one, and whatever is sent in one turn of the event loop shares one in any case, so that the
 * cost follows the round trips to the replicas and not the number of writes.
 */
export class ReplicationBarrier {
  private next: Promise<void> | null = null;
  private current: Promise<unknown> = Promise.resolve();

  /** @throws TypeError for a cluster: nothing tells over which connection a WAIT would go */
  constructor(
    private readonly holder: ClientHolder,
    private readonly required: ReplicationRequirement,
  ) {
    if (holder.client instanceof Cluster) throw new TypeError('WAIT is not supported on a cluster');
  }

  /**
   * To be called in the same turn of the event loop in which the write was sent, so that no other connection has come
   * in place of the one that it went over.
   * @throws UnconfirmedWriteError, or the failure of the connection; the write may last all the same
   */
  confirm(): Promise<void> {
    this.next ??= this.confirmTogether();
    return this.next;
  }

  private async confirmTogether(): Promise<void> {
    await Promise.all([this.current, endOfTurn()]);
    this.next = null;
    const { replicas, timeoutMs } = this.required;
    const waiting = this.holder.client.wait(replicas, timeoutMs);
    this.current = waiting.catch(() => undefined);
    const confirmedBy = await waiting;
    if (confirmedBy < replicas) throw new UnconfirmedWriteError(replicas, confirmedBy, timeoutMs);
  }
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
