import type { LeaderLease } from '@smart-router/routing-store';
import type { LeaseRecord, ResourceLock, LeaseWriteOutcome, StoredLease } from '../domain/lease-record';
import { readRecord } from '../domain/read-record';

/**
 * The lease in the routing store, as JSON. Its version is the stored text itself: a number that is counted would start
 * again when the store lost its data, and one who held the lease before could write over who holds it now.
 */
export class StoreResourceLock implements ResourceLock {
  constructor(private readonly store: LeaderLease) {}

  async read(): Promise<StoredLease | null> {
    const text = await this.store.readLease();
    return text === null ? null : { record: readRecord(parse(text)), version: text };
  }

  create(record: LeaseRecord): Promise<LeaseWriteOutcome> {
    return this.replace(null, record);
  }

  update(record: LeaseRecord, version: string): Promise<LeaseWriteOutcome> {
    return this.replace(version, record);
  }

  private async replace(expected: string | null, record: LeaseRecord): Promise<LeaseWriteOutcome> {
    const text = JSON.stringify(record);
    return (await this.store.replaceLease(expected, text)) ? { kind: 'written', version: text } : { kind: 'conflict' };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Written by hand, and no lease of anybody.
    return null;
  }
}
