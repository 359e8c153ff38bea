import { Cluster } from 'ioredis';
import type { ClientHolder, RedisClient } from './client';
import { UnconfirmedWriteError } from './errors';
import { KnownReplicas, parseReplicationState, type ReplicationState } from './known-replicas';

export interface ReplicationRequirement {
  /**
   * So many replicas must have a write, at least 1. `all`: every one that the master has, at least one, and those that
   * left it within the last 12 s.
   */
  readonly replicas: number | 'all';
  readonly timeoutMs: number;
}

/** How far confirmations reach. */
interface ReplicationCoverage {
  /** So many replicas have what was confirmed. */
  readonly confirmedBy: number;
  /** So many follow the master; where it is more, a failover to one of the others loses what was confirmed. */
  readonly replicas: number;
}

/**
 * Waits until replicas have what was written, by WAIT. At most one WAIT is on its way: whatever is sent until it
 * returns shares the next one, and whatever is sent in one tick of the event loop shares one in any case, so that the
 * cost follows the round trips to the replicas and not the number of writes.
 */
export class ReplicationBarrier {
  private next: { readonly client: RedisClient; readonly confirmed: Promise<void> } | null = null;
  private current: Promise<unknown> = Promise.resolve();
  private readonly known: KnownReplicas;

  /** @throws TypeError for a cluster: it is unknown over which connection a WAIT would go */
  constructor(
    private readonly holder: ClientHolder,
    private readonly required: ReplicationRequirement,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    if (holder.client instanceof Cluster) throw new TypeError('WAIT is not supported on a cluster');
    this.known = new KnownReplicas(nowMs);
  }

  /** As of the last {@link observe}. */
  get coverage(): ReplicationCoverage {
    const { replicas } = this.required;
    return { confirmedBy: replicas === 'all' ? this.known.count : replicas, replicas: this.known.onlineCount };
  }

  /**
   * Asks the master for its replicas. To be called every few seconds, so that one that leaves while nothing is written is
   * missed when it leaves and not at the next write.
   * @throws the failure of the connection
   */
  async observe(): Promise<void> {
    await this.ask(this.holder.client);
  }

  /**
   * To be called in the same tick of the event loop in which the write was sent, so that the holder has the client that
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
    const confirmed =
      this.required.replicas === 'all' ? this.waitForAll(client) : this.waitFor(client, this.required.replicas);
    this.current = confirmed.catch(() => undefined);
    await confirmed;
  }

  private async waitFor(client: RedisClient, replicas: number): Promise<void> {
    const { timeoutMs } = this.required;
    const confirmedBy = await client.wait(replicas, timeoutMs);
    if (confirmedBy < replicas) throw new UnconfirmedWriteError(replicas, confirmedBy, timeoutMs);
  }

  /**
   * A number that was learned before may be out of date, so the master is asked behind each WAIT, on the same connection:
   * it answers when the WAIT has ended. Where it has more replicas than confirmed, the WAIT is repeated for all of them.
   */
  private async waitForAll(client: RedisClient): Promise<void> {
    const { timeoutMs } = this.required;
    const endMs = this.nowMs() + timeoutMs;
    for (;;) {
      const asked = this.known.count;
      // 0 would wait without end.
      const remainingMs = Math.max(1, Math.ceil(endMs - this.nowMs()));
      const [confirmedBy, { isMaster }] = await Promise.all([client.wait(asked, remainingMs), this.ask(client)]);
      const { count } = this.known;
      if (isMaster && confirmedBy >= count) return;
      const mayRepeat = isMaster && confirmedBy >= asked && this.nowMs() < endMs;
      if (!mayRepeat) throw new UnconfirmedWriteError(count, confirmedBy, timeoutMs);
    }
  }

  private async ask(client: RedisClient): Promise<ReplicationState> {
    const state = parseReplicationState(await client.info('replication'));
    this.known.observe(state);
    return state;
  }
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
