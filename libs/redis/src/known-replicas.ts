/**
 * For this long a replica that left its master is still counted. Sentinels ask each replica for its offset every 10 s,
 * so that until then they may promote one that left; and in a failover that Sentinel begins, the one that is promoted
 * leaves the old master first, while the others still confirm to it what will be lost.
 */
export const ABSENCE_COUNTS_MS = 12_000;

export interface ReplicationState {
  readonly isMaster: boolean;
  /** A promotion or a restart gives another one. */
  readonly replicationId: string;
  /** Addresses of the replicas that follow the master. One that still loads a snapshot is not among them. */
  readonly online: readonly string[];
}

/** Reads the answer to `INFO replication`. */
export function parseReplicationState(info: string): ReplicationState {
  const online = [...info.matchAll(/^slave\d+:ip=(.+),port=(\d+),state=online,/gm)];
  return {
    isMaster: /^role:master\b/m.test(info),
    replicationId: /^master_replid:(\w+)/m.exec(info)?.[1] ?? '',
    online: online.map(([, host, port]) => `${host}:${port}`),
  };
}

/**
 * How many replicas a master has, by what it said when it was asked last. A replica that left counts until
 * {@link ABSENCE_COUNTS_MS} after its absence was noticed, and since that is later than it left, never too short.
 */
export class KnownReplicas {
  private replicationId: string | null = null;
  private online = 0;
  /** By address; `null` for those that are there. */
  private readonly absentSinceMs = new Map<string, number | null>();

  constructor(private readonly nowMs: () => number) {}

  /** How many must have a write so that every replica has it: never less than one. */
  get count(): number {
    // Two replicas behind one translated address are one entry.
    return Math.max(1, this.online, this.absentSinceMs.size);
  }

  /** Those that were there when the master was asked last. */
  get onlineCount(): number {
    return this.online;
  }

  observe({ online, replicationId }: ReplicationState): void {
    // The replicas of another master are others: one of those known may be the new master itself.
    if (replicationId !== this.replicationId) this.absentSinceMs.clear();
    this.replicationId = replicationId;
    this.online = online.length;
    this.forgetAbsent(new Set(online));
    for (const address of online) this.absentSinceMs.set(address, null);
  }

  private forgetAbsent(online: ReadonlySet<string>): void {
    const nowMs = this.nowMs();
    for (const [address, sinceMs] of this.absentSinceMs) {
      if (online.has(address)) continue;
      if (sinceMs === null) this.absentSinceMs.set(address, nowMs);
      else if (nowMs - sinceMs >= ABSENCE_COUNTS_MS) this.absentSinceMs.delete(address);
    }
  }
}
