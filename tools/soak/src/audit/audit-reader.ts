import { type AuditRecord, parseAuditRecord } from '@smart-router/history-checker';
import { Redis } from 'ioredis';

const ENTRIES_PER_READ = 1_000;

/** Reads the audit of the store from its first entry on, straight from Redis and not through the product. */
export class AuditReader {
  private readonly redis: Redis;
  private lastId = '-';

  /** @param port of Redis on this machine @param key of the stream, with its prefix */
  constructor(
    port: number,
    private readonly key: string,
  ) {
    this.redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true, maxRetriesPerRequest: null });
    // A connection that breaks is made again, and a read is repeated: nothing to report.
    this.redis.on('error', () => undefined);
  }

  /** Hands over all entries that were written before the call, and perhaps later ones. */
  async drain(take: (record: AuditRecord) => void): Promise<void> {
    for (;;) {
      const start = this.lastId === '-' ? '-' : `(${this.lastId}`;
      const entries = await this.redis.xrange(this.key, start, '+', 'COUNT', ENTRIES_PER_READ);
      for (const [id, fields] of entries) {
        this.lastId = id;
        take(parseAuditRecord(byName(fields)));
      }
      if (entries.length < ENTRIES_PER_READ) return;
    }
  }

  close(): void {
    this.redis.disconnect();
  }
}

function byName(fields: readonly string[]): Record<string, string> {
  const record: Record<string, string> = {};
  for (let i = 0; i + 1 < fields.length; i += 2) record[fields[i] as string] = fields[i + 1] as string;
  return record;
}
