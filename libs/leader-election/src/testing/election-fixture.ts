import { RecordingLogger } from '@smart-router/logging/testing';
import { StaleEpochError } from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { ManualClock, settled } from '@smart-router/scheduling/testing';
import type { Term } from '../domain/leadership';
import { type ElectionObserver, LeaderElector, type LeaderElectorPorts } from '../domain/leader-elector';
import { FaultyResourceLock } from './faulty-resource-lock';
import { MemoryResourceLock } from './memory-resource-lock';

export const TIMINGS = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };

/** A place for the lease and a store, shared by the contenders of a test. All have one clock unless they bring one. */
export class ElectionFixture {
  readonly clock = new ManualClock();
  readonly lease = new MemoryResourceLock();
  readonly store = new MemoryRoutingStore({ now: () => this.clock.now() });
  readonly logger = new RecordingLogger();

  contender(name: string, replacement: Partial<LeaderElectorPorts> = {}): TestContender {
    return new TestContender(name, this, replacement);
  }

  /** Starts a contender and waits until it leads. */
  async leader(name: string, replacement: Partial<LeaderElectorPorts> = {}): Promise<TestContender> {
    const contender = this.contender(name, replacement).start();
    await settled();
    return contender;
  }

  async announced() {
    return (await this.store.reader.fleetStats()).leader;
  }
}

/** One process that competes, with work that ends with its term, or on demand. */
export class TestContender implements ElectionObserver {
  readonly records: FaultyResourceLock;
  readonly stopping = new AbortController();
  readonly terms: Term[] = [];
  /** What happened, in order. */
  readonly events: string[] = [];
  readonly elector: LeaderElector;
  /** Keeps the work of a term from ending. */
  isBusy = false;
  waits = 0;
  ended: Promise<void> = Promise.resolve();
  private endWork: () => void = () => undefined;

  constructor(
    readonly name: string,
    private readonly fixture: ElectionFixture,
    replacement: Partial<LeaderElectorPorts>,
  ) {
    const { clock, lease, logger, store } = fixture;
    this.records = new FaultyResourceLock(lease);
    const common = { records: this.records, store, logger, clock, wallClock: () => 0, random: () => 0, observer: this };
    const options = { identity: name, holderIdentity: `${name}-1`, timings: TIMINGS };
    this.elector = new LeaderElector({ ...common, wallClock: () => clock.now(), ...replacement }, options);
  }

  get term(): Term | undefined {
    return this.terms.at(-1);
  }

  get leads(): boolean {
    return this.term !== undefined && !this.term.signal.aborted;
  }

  start(): this {
    this.ended = this.elector.run(
      (term) => this.work(term),
      this.stopping.signal,
      () => this.waits++,
    );
    return this;
  }

  stop(): Promise<void> {
    this.stopping.abort();
    return this.ended;
  }

  finishWork(): void {
    this.isBusy = false;
    this.endWork();
  }

  /** As the work of a leader writes. @returns whether the store took it */
  async write(term = this.term as Term): Promise<boolean> {
    try {
      await this.fixture.store.pods.configurePool(term.epoch, 'gold', { type: 'exclusive', maxConcurrent: 1 });
      return true;
    } catch (error) {
      if (!(error instanceof StaleEpochError)) throw error;
      return false;
    }
  }

  attempted(): void {
    // Called often; the attempts themselves are tested with the contender.
  }

  holderChanged(holder: string | null): void {
    this.events.push(`holder ${holder}`);
  }

  termEnded(end: string): void {
    this.events.push(`ended ${end}`);
  }

  private async work(term: Term): Promise<void> {
    this.terms.push(term);
    this.events.push(`term ${term.epoch}`);
    const stopped = new Promise<void>((resolve) => term.signal.addEventListener('abort', () => resolve()));
    const done = new Promise<void>((resolve) => (this.endWork = resolve));
    await Promise.race([stopped, done]);
    if (this.isBusy) await done;
    this.events.push(`work over ${term.epoch}`);
  }
}
