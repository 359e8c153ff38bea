import type { LeaderLease } from '../domain/leader-lease';
import type { RedisStoreAccess } from './redis-store-access';

export class RedisLeaderLease implements LeaderLease {
  constructor(private readonly store: RedisStoreAccess) {}

  async readLease(): Promise<string | null> {
    return (await this.store.run('readLease', this.store.keys.leaderLease)).text;
  }

  async replaceLease(expected: string | null, text: string): Promise<boolean> {
    return (await this.store.run('replaceLease', this.store.keys.leaderLease, expected ?? '', text)).isStored;
  }
}
