import type { LeaseRecord, ResourceLock, LeaseWriteOutcome, StoredLease } from '../domain/lease-record';
import type { LeaseCall } from './memory-resource-lock';

type Fault = 'fail' | 'lose-answer' | 'hang';

/** The way to the place of the lease, with faults on it. Each contender may have a way of its own. */
export class FaultyResourceLock implements ResourceLock {
  private readonly faults = new Map<LeaseCall, { fault: Fault; times: number }>();
  private readonly actions = new Map<LeaseCall, () => void>();
  private readonly waiting: (() => void)[] = [];
  private isCut = false;

  constructor(private readonly records: ResourceLock) {}

  /** All calls fail until `restore`. */
  cut(): void {
    this.isCut = true;
  }

  restore(): void {
    this.isCut = false;
  }

  /** The next calls fail without effect. */
  fail(call: LeaseCall, times = Infinity): void {
    this.faults.set(call, { fault: 'fail', times });
  }

  /** The next call takes effect, and fails for the caller. */
  loseAnswer(call: LeaseCall): void {
    this.faults.set(call, { fault: 'lose-answer', times: 1 });
  }

  /** The next calls take effect at `proceed` only. */
  hang(call: LeaseCall, times = Infinity): void {
    this.faults.set(call, { fault: 'hang', times });
  }

  proceed(): void {
    this.waiting.splice(0).forEach((wake) => wake());
  }

  /** Happens once, just before the next such call takes effect. */
  before(call: LeaseCall, action: () => void): void {
    this.actions.set(call, action);
  }

  read(signal: AbortSignal): Promise<StoredLease | null> {
    return this.send('read', () => this.records.read(signal));
  }

  create(record: LeaseRecord, signal: AbortSignal): Promise<LeaseWriteOutcome> {
    return this.send('create', () => this.records.create(record, signal));
  }

  update(record: LeaseRecord, version: string, signal: AbortSignal): Promise<LeaseWriteOutcome> {
    return this.send('update', () => this.records.update(record, version, signal));
  }

  private async send<T>(call: LeaseCall, take: () => Promise<T>): Promise<T> {
    const fault = this.takeFault(call);
    if (this.isCut || fault === 'fail') throw new Error(`${call} failed`);
    if (fault === 'hang') await new Promise<void>((resolve) => this.waiting.push(resolve));
    const action = this.actions.get(call);
    this.actions.delete(call);
    action?.();
    const outcome = await take();
    if (fault === 'lose-answer') throw new Error(`${call} failed`);
    return outcome;
  }

  private takeFault(call: LeaseCall): Fault | undefined {
    const entry = this.faults.get(call);
    if (!entry || entry.times <= 0) return undefined;
    entry.times--;
    return entry.fault;
  }
}
