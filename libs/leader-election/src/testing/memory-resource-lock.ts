import type { LeaseRecord, ResourceLock, LeaseWriteOutcome, StoredLease } from '../domain/lease-record';

export type LeaseCall = 'read' | 'create' | 'update';

/** The place of the lease in memory, shared by all contenders of a test, and what they did with it. */
export class MemoryResourceLock implements ResourceLock {
  /** Every call, in order. */
  readonly calls: LeaseCall[] = [];
  /** Every holder that was written, in order, where it differs from the one before; empty for a release. */
  readonly holders: string[] = [];
  private stored: StoredLease | null = null;
  private writes = 0;

  constructor(record: LeaseRecord | null = null) {
    if (record) this.put(record);
  }

  get record(): LeaseRecord | null {
    return this.stored?.record ?? null;
  }

  /** As by hand. */
  put(record: LeaseRecord): void {
    this.write(record);
  }

  /** As by hand. */
  delete(): void {
    this.stored = null;
  }

  async read(): Promise<StoredLease | null> {
    this.calls.push('read');
    return this.stored;
  }

  async create(record: LeaseRecord): Promise<LeaseWriteOutcome> {
    this.calls.push('create');
    return this.stored ? { kind: 'conflict' } : this.write(record);
  }

  async update(record: LeaseRecord, version: string): Promise<LeaseWriteOutcome> {
    this.calls.push('update');
    return this.stored?.version === version ? this.write(record) : { kind: 'conflict' };
  }

  private write(record: LeaseRecord): LeaseWriteOutcome {
    const version = `${++this.writes}`;
    this.stored = { record, version };
    if (this.holders.at(-1) !== record.holderIdentity) this.holders.push(record.holderIdentity);
    return { kind: 'written', version };
  }
}
