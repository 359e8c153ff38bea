import { RecordingLogger } from '@smart-router/logging/testing';
import { StoreRecovery } from '@smart-router/routing-store';
import { ManualClock } from '@smart-router/scheduling/testing';
import { GrantJournal } from '../domain/recovery/grant-journal';
import { GrantReplay } from '../domain/recovery/grant-replay';
import { JournalingCallStore } from '../domain/recovery/journaling-call-store';
import { OutcomeSettler } from '../domain/recovery/outcome-settler';
import type { ReplayObserver } from '../domain/observer';
import { UnknownOutcomes } from '../domain/recovery/unknown-outcomes';
import { ForgetfulStore } from './forgetful-store';

const STORE_EPOCH_MS = 1_700_000_000_000;
/** The store holds calls at least this long after its data were lost. */
export const HOLD_MS = 1_000;
export const LOOK_MS = 1_000;
export const MAX_WAIT_MS = 600;

/** One process on a store that can lose its data, on a clock that a test moves. */
export class RecoveryFixture {
  readonly clock = new ManualClock();
  readonly data = new ForgetfulStore(() => STORE_EPOCH_MS + this.clock.now());
  readonly logger = new RecordingLogger();
  readonly recovery: StoreRecovery;
  readonly calls: JournalingCallStore;
  /** What became of what was replayed, in order. */
  outcomes: string[] = [];

  constructor(process = 'process-1') {
    const { clock, data, logger } = this;
    const { store } = data;
    const observer: ReplayObserver = {
      grantReasserted: (outcome) => this.outcomes.push(outcome),
      endReasserted: (outcome) => this.outcomes.push(`end ${outcome}`),
      grantAbandoned: () => this.outcomes.push('abandoned'),
      requestDropped: () => this.outcomes.push('dropped'),
      entryDropped: (kind) => this.outcomes.push(`dropped ${kind}`),
    };
    const recoveryObserver = {
      generationChanged: () => this.outcomes.push('generation'),
      callsHeld: () => undefined,
    };
    const ports = { store: store.recovery, clock, logger, observer: recoveryObserver, random: () => 0.5 };
    this.recovery = new StoreRecovery(ports, process);
    const journal = new GrantJournal({ windowMs: 30_000, maxEntries: 100 });
    const unknown = new UnknownOutcomes({ maxEntries: 100, leaseMs: 3_600_000 }, () => observer.requestDropped());
    const parts = { store: store.recovery, journal, outcomes: unknown, observer, logger, clock };
    this.recovery.add(new GrantReplay(parts));
    this.recovery.add(new OutcomeSettler(parts));
    const { recovery } = this;
    const options = { process, commandTimeoutMs: 500, maxWaitMs: MAX_WAIT_MS };
    this.calls = new JournalingCallStore({ calls: store.calls, journal, outcomes: unknown, recovery, clock }, options);
  }

  /** Resolves when calls may be placed on these pods. */
  async start(...podNames: string[]): Promise<void> {
    await this.data.addPods(...podNames);
    this.recovery.start();
    await this.clock.advance(HOLD_MS + LOOK_MS);
    this.outcomes = [];
  }

  /** The data are lost, and these pods are registered anew. */
  async lose(...podNames: string[]): Promise<void> {
    this.data.forget();
    await this.data.addPods(...podNames);
  }

  allocate(callSid: string) {
    return this.calls.allocate({ callSid, merchantId: '', knownMerchantConfig: null, chain: ['gold'] });
  }

  async grantedPod(callSid: string): Promise<string> {
    const outcome = await this.allocate(callSid);
    return 'grant' in outcome ? outcome.grant.podName : '';
  }

  async podOf(callSid: string): Promise<string | undefined> {
    return (await this.data.store.reader.call(callSid))?.podName;
  }
}
