import type { RedisConnection } from '@smart-router/redis';
import type { Hint, Hints } from '../domain/config-documents';
import type { RedisStoreAccess } from './redis-store-access';

/** Publish and subscribe: who does not listen at that moment does not hear it. */
export class RedisHints implements Hints {
  constructor(
    private readonly connection: RedisConnection,
    private readonly store: RedisStoreAccess,
  ) {}

  async publish(hint: Hint): Promise<void> {
    await this.store.command((client) => client.publish(this.store.keys.channel(hint), ''));
  }

  subscribe(hint: Hint, listener: () => void): () => void {
    return this.connection.subscribe(this.store.keys.channel(hint), () => listener());
  }
}
