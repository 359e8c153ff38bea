import type { EventLogger } from '@smart-router/logging';
import { type BackOffPolicy, type Clock, PeriodicLoop, type RunResult } from '@smart-router/scheduling';
import type { GenerationView, GrantRecovery, ReplayPhase } from '../grant-recovery';
import type { RecoveryParticipant, ReplayProgress } from './recovery-participant';
import { StoreClock } from './store-clock';

interface StoreRecoveryPorts {
  readonly store: Pick<GrantRecovery, 'checkGeneration' | 'onReconnect'>;
  readonly observer: RecoveryObserver;
  readonly logger: EventLogger;
  readonly clock: Clock;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** For metrics. Implementations must not throw. */
export interface RecoveryObserver {
  /** The store may have lost what it acknowledged. */
  generationChanged(): void;
  /** Whether calls are held, as this process saw it last. */
  callsHeld(isHeld: boolean): void;
}

/** How things stand for an operation on a call. */
export type Readiness =
  /** It may be sent. */
  | 'ready'
  /** The connection is new, or away: the store itself decides. */
  | 'unverified'
  /** This process or another one has to replay something first. */
  | 'recovering';

/** A loss without an interruption of the connection is noticed after this time; a connection that comes back is looked at once. */
const LOOK_INTERVAL_MS = 1_000;
/** While it has to wait for others. */
const HELD_INTERVAL_MS = 100;
/** While it has to wait for pods, or for what the store could not handle. */
const RETRY_INTERVAL_MS = 250;
/** Short: while the store is away a look costs nothing, and calls wait for the first one after that. */
const BACK_OFF: BackOffPolicy = { firstMs: 100, maxMs: 250, jitter: 'half' };

const MAY_HAVE_LOST_DATA =
  'the store may have lost data, this process replays what it knows of the last REDIS_REASSERT_WINDOW: ' +
  'older calls that were lost stay unknown, and their pods may be given out again';

/**
 * The part of one process in the recovery of a store that may have lost a suffix of its history, or everything.
 *
 * Each process reports to the store about once a second. It learns which generation of the data this is, and who else
 * lives, and keeps both in memory, where the loss cannot reach them. When the generation changes the store holds calls.
 * Each process then replays the ends that it acknowledged, reports so, waits until all others have, replays its grants, and
 * reports that. The hold is over when everybody has, or was silent for too long (docs/adr/0007).
 *
 * Guarantees: what this process asks for about calls comes after what it has to replay. One look at a time.
 */
export class StoreRecovery {
  /** The store's clock, as this process knows it. */
  readonly times: StoreClock;
  private readonly participants: RecoveryParticipant[] = [];
  private generation: string | null = null;
  private phase: ReplayPhase = 'everything';
  private liveMembers: readonly string[] = [];
  private isHeld = false;
  private isFirstLook = true;
  private isVerified = false;
  private rechecks = 0;
  /** Whoever waits until calls may be sent. */
  private readonly waiting = new Set<AbortController>();
  private heldSinceMs: number | null = null;
  /** From `start` to `stop`; `null` before and after. */
  private stopping: AbortController | null = null;
  private running: Promise<void> = Promise.resolve();
  private loop: PeriodicLoop | null = null;

  /** @param member a name that no other process has had */
  constructor(
    private readonly ports: StoreRecoveryPorts,
    readonly member: string,
  ) {
    this.times = new StoreClock(() => ports.clock.now());
  }

  /** To be called before `start`. */
  add(participant: RecoveryParticipant): void {
    this.participants.push(participant);
  }

  /** Looks from now on, until `stop`, after which it may be called again. @returns at once */
  start(): void {
    if (this.stopping) return;
    const { signal } = (this.stopping = new AbortController());
    const { clock, logger, random, store } = this.ports;
    const loop = new PeriodicLoop(() => this.look(signal), {
      intervalMs: LOOK_INTERVAL_MS,
      backOff: BACK_OFF,
      clock,
      random,
      onFailure: (error, failuresInARow) => {
        // The store may have become another one.
        this.markUnverified();
        if (failuresInARow === 1) logger.warn({ err: error }, 'could not read store generation');
      },
    });
    const end = store.onReconnect(() => this.recheck());
    this.loop = loop;
    this.running = this.running.then(() => loop.run(signal)).finally(end);
  }

  /** Settles what it can, and reports to the store not to wait for this process. Safe to repeat, and without `start`. */
  async stop(): Promise<void> {
    const wasStarted = this.stopping !== null;
    this.stopping?.abort();
    this.stopping = null;
    this.markUnverified();
    await this.running;
    if (wasStarted) await this.leave();
  }

  private async leave(): Promise<void> {
    const { generation: known, member, participants, ports } = this;
    const { signal } = new AbortController();
    try {
      if (this.phase === 'everything') for (const one of participants) await one.replayEnds(signal);
      await ports.store.checkGeneration({ member, known, phase: 'leaving', liveMembers: [] });
    } catch (error) {
      ports.logger.warn({ err: error }, 'could not leave the store in order');
    }
  }

  /** Whether calls may be sent now. */
  get isOpen(): boolean {
    return this.isVerified && !this.isHeld && this.phase === 'everything';
  }

  /** Resolves when calls may be sent, or after that time. */
  async whenReady(timeoutMs: number): Promise<Readiness> {
    if (!this.isOpen) await this.wait(timeoutMs);
    if (this.isHeld || this.phase !== 'everything') return 'recovering';
    return this.isVerified ? 'ready' : 'unverified';
  }

  /** The store has answered otherwise than what is known of it, or it may be another one: it is looked at at once. */
  recheck(): void {
    this.rechecks += 1;
    this.markUnverified();
    void this.loop?.runNow();
  }

  private markUnverified(): void {
    this.isVerified = false;
  }

  private async wait(timeoutMs: number): Promise<void> {
    const waiter = new AbortController();
    this.waiting.add(waiter);
    await this.ports.clock.sleep(timeoutMs, waiter.signal);
    this.waiting.delete(waiter);
  }

  private wakeIfOpen(): void {
    if (this.isOpen) for (const waiter of this.waiting) waiter.abort();
  }

  private async look(signal: AbortSignal): Promise<RunResult> {
    const { clock, store } = this.ports;
    const { generation: known, liveMembers, member, phase, rechecks } = this;
    const askedAtMs = clock.now();
    const view = await store.checkGeneration({ member, known, phase, liveMembers });
    this.times.observe(askedAtMs, clock.now(), view.storeTimeUs, view.highestNumber);
    this.accept(view, askedAtMs);
    const isMore = await this.replay(view, signal);
    // A connection that came back meanwhile may lead to another store, which this look knows nothing of.
    this.isVerified = rechecks === this.rechecks;
    this.wakeIfOpen();
    return { againAfterMs: this.nextLookMs(isMore) };
  }

  private accept(view: GenerationView, askedAtMs: number): void {
    this.isFirstLook = this.generation === null;
    const isOther = !this.isFirstLook && view.generation !== this.generation;
    if (isOther) this.beginReplay(view);
    else if (this.phase === 'everything') for (const one of this.participants) one.confirmed(askedAtMs);
    this.generation = view.generation;
    // Who has not come yet would be forgotten, and a second loss may follow.
    this.liveMembers = view.isHeld ? [...new Set([...this.liveMembers, ...view.liveMembers])] : view.liveMembers;
    this.isHeld = view.isHeld;
    this.wakeIfOpen();
    this.reportHold();
  }

  private beginReplay({ generation }: GenerationView): void {
    this.phase = 'nothing';
    for (const one of this.participants) one.recall();
    this.ports.observer.generationChanged();
    this.ports.logger.warn({ generation }, MAY_HAVE_LOST_DATA);
  }

  private reportHold(): void {
    const { clock, logger, observer } = this.ports;
    observer.callsHeld(this.isHeld);
    if (this.isHeld && this.heldSinceMs === null) {
      this.heldSinceMs = clock.now();
      const fields = { processes: this.liveMembers.length };
      // A store that nobody has used before is held for a moment, too: it cannot be distinguished from one that was emptied.
      if (this.isFirstLook) logger.info(fields, 'calls are held for a moment at the start');
      else logger.warn(fields, 'calls are held until all processes have replayed');
    } else if (!this.isHeld && this.heldSinceMs !== null) {
      logger.info({ held_ms: Math.round(clock.now() - this.heldSinceMs) }, 'calls are placed again');
      this.heldSinceMs = null;
    }
  }

  /** @returns whether there is more to replay at once */
  private async replay({ areEndsIn, isHeld }: GenerationView, signal: AbortSignal): Promise<boolean> {
    if (this.phase === 'nothing') {
      const progress = await this.all((one) => one.replayEnds(signal));
      if (progress === 'done') this.phase = 'ends';
      return progress !== 'waiting';
    }
    const isDue = this.phase === 'ends' ? areEndsIn || !isHeld : this.isUnfinished;
    if (!isDue) return false;
    const progress = await this.all((one) => one.replayGrants(signal, !isHeld));
    const wasUnreported = this.phase === 'ends';
    if (progress === 'done') this.phase = 'everything';
    return progress === 'more' || (progress === 'done' && wasUnreported);
  }

  private get isUnfinished(): boolean {
    return this.participants.some((one) => one.isUnfinished);
  }

  private async all(step: (one: RecoveryParticipant) => Promise<ReplayProgress>): Promise<ReplayProgress> {
    const reached = new Set<ReplayProgress>();
    for (const one of this.participants) reached.add(await step(one));
    if (reached.has('more')) return 'more';
    return reached.has('waiting') ? 'waiting' : 'done';
  }

  private nextLookMs(isMore: boolean): number {
    if (isMore) return 0;
    if (this.isHeld || this.phase !== 'everything') return HELD_INTERVAL_MS;
    return this.isUnfinished ? RETRY_INTERVAL_MS : LOOK_INTERVAL_MS;
  }
}
