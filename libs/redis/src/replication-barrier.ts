import { Cluster } from 'ioredis';
import type { ClientHolder, RedisClient } from './client';
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
  private next: { readonly client: RedisClient; readonly confirmed: Promise<void> } | null = null;
  private current: Promise<unknown> = Promise.resolve();

  /** @throws TypeError for a cluster: nothing tells over which connection a WAIT would go */
  constructor(
    private readonly holder: ClientHolder,
    private readonly required: ReplicationRequirement,
  ) {
    if (holder.client instanceof Cluster) throw new TypeError('WAIT is not supported on a cluster');
  }

  /**
   * To be called in the same turn of the event loop in which the write was sent, so that the holder has the client that
   * it went over.
   * @throws UnconfirmedWriteError, or the failure of the connection; the write may last all the same
   */
  confirm(): Promise<void> {
    const { client } = this.holder;
    if (this.next?.client !== client) this.next = { client, confirmed: this.confirmTogether(client) };
    return this.next.confirmed;
  }

  /** Another client would confirm that it has written nothing itself. */
  private async confirmTogether(client: RedisClient): Promise<void> {
    await Promise.all([this.current, endOfTurn()]);
    if (this.next?.client === client) this.next = null;
    const { replicas, timeoutMs } = this.required;
    const waiting = client.wait(replicas, timeoutMs);
    this.current = waiting.catch(() => undefined);
    const confirmedBy = await waiting;
    if (confirmedBy < replicas) throw new UnconfirmedWriteError(replicas, confirmedBy, timeoutMs);
  }
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
