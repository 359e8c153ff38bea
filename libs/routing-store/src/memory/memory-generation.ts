import {
  type GenerationReport,
  type GenerationView,
  LIVE_MS,
  LONGEST_HOLD_MS,
  type ReplayPhase,
} from '../domain/grant-recovery';
import type { StoreTimings } from '../domain/routing-store';

interface Generation {
  readonly id: string;
  readonly replicationId: string;
  readonly sinceMs: number;
  /** What those have replayed who are waited for. */
  readonly reported: Map<string, ReplayPhase>;
  heldUntilMs: number;
}

/** What is in the memory of one process is lost only with the process. */
const ONLY_GENERATION: Generation = {
  ...{ id: 'memory', replicationId: 'memory', sinceMs: -Infinity, heldUntilMs: -Infinity },
  reported: new Map(),
};

/** The twin of `generation.lua` and `check-generation.lua`: who lives, what may be lost, and how long calls are held. */
export class MemoryGeneration {
  private current: Generation | null;
  private members = new Map<string, number>();

  /** @param replicationId changes when the data may be older than what was answered; `null`: they never are */
  constructor(
    private readonly timings: StoreTimings,
    private readonly now: () => number,
    private readonly replicationId: (() => string) | null,
    /** Of the grants so far. */
    private readonly highestNumber: () => number,
  ) {
    this.current = replicationId === null ? ONLY_GENERATION : null;
  }

  /**
   * While calls are held nothing is done about them but what recovers them. A store without a generation has lost its data
   * just now.
   */
  get isHeld(): boolean {
    return this.current === null || this.current.heldUntilMs > this.now();
  }

  /** When the generation began; -Infinity where nobody has looked. */
  get sinceMs(): number {
    return this.current?.sinceMs ?? -Infinity;
  }

  /** As a process does that has just been connected. @param known see `GenerationReport` */
  ensure(known: string | null): Generation {
    const { current } = this;
    const replicationId = this.replicationId?.() ?? ONLY_GENERATION.replicationId;
    if (current?.replicationId === replicationId) return current;
    let sinceMs = this.now();
    if (`${replicationId}:${sinceMs}` === known) sinceMs += 1;
    const holds = this.timings.failoverHoldMs > 0;
    const generation: Generation = {
      ...{ id: `${replicationId}:${sinceMs}`, replicationId, sinceMs },
      reported: this.expectMembers(sinceMs),
      heldUntilMs: holds ? sinceMs + LONGEST_HOLD_MS : -Infinity,
    };
    this.current = generation;
    return generation;
  }

  check(report: GenerationReport): GenerationView {
    const { member } = report;
    const generation = this.ensure(report.known);
    const nowMs = this.now();
    if (this.isUnexpected(report, generation)) generation.heldUntilMs = nowMs + LONGEST_HOLD_MS;
    if (member !== null && report.phase === 'leaving') this.forget(member, generation);
    else if (member !== null) this.members.set(member, nowMs);
    const areEndsIn = !this.isHeld || this.takeReport(report, generation);
    const liveMembers = [...this.members].filter(([, seenMs]) => seenMs >= nowMs - LIVE_MS).map(([name]) => name);
    const storeTimeUs = Math.floor(this.now() * 1_000);
    const highestNumber = Math.max(storeTimeUs, this.highestNumber());
    return { generation: generation.id, isHeld: this.isHeld, areEndsIn, storeTimeUs, liveMembers, highestNumber };
  }

  /** Nobody knew of this process when the hold began, nor waited for it. */
  private isUnexpected({ known, member, phase }: GenerationReport, { id, reported, sinceMs }: Generation): boolean {
    if (this.timings.failoverHoldMs === 0 || known === null || known === id || phase === 'leaving') return false;
    return !reported.has(member ?? '') && this.now() - sinceMs < LONGEST_HOLD_MS;
  }

  /** @returns whether all ends are in */
  private takeReport({ known, liveMembers, member, phase }: GenerationReport, generation: Generation): boolean {
    const { id, reported } = generation;
    for (const one of liveMembers) if (!reported.has(one)) reported.set(one, 'nothing');
    if (member !== null && phase !== 'leaving') reported.set(member, reachedPhase(known, phase, id));
    return this.lookAtReports(generation, reported);
  }

  private forget(member: string, { reported }: Generation): void {
    this.members.delete(member);
    reported.delete(member);
  }

  private expectMembers(sinceMs: number): Map<string, ReplayPhase> {
    const newest = Math.max(...this.members.values(), -Infinity);
    const live = [...this.members].filter(([, seenMs]) => seenMs >= newest - LIVE_MS).map(([name]) => name);
    this.members = new Map(live.map((name) => [name, sinceMs]));
    return new Map(live.map((name) => [name, 'nothing']));
  }

  /** Ends the hold where nobody is waited for any more. @returns whether all ends are in */
  private lookAtReports(generation: Generation, reported: ReadonlyMap<string, ReplayPhase>): boolean {
    const { failoverHoldMaxMs, failoverHoldMs } = this.timings;
    const nowMs = this.now();
    const isAwaited = (name: string): boolean =>
      nowMs - Math.max(this.members.get(name) ?? 0, generation.sinceMs) < failoverHoldMaxMs;
    const missing = [...reported].filter(([name, phase]) => phase !== 'everything' && isAwaited(name));
    if (missing.length === 0 && nowMs - generation.sinceMs >= failoverHoldMs) generation.heldUntilMs = -Infinity;
    return !missing.some(([, phase]) => phase === 'nothing');
  }
}

/** Who has just started has nothing to replay. */
function reachedPhase(known: string | null, phase: ReplayPhase, generation: string): ReplayPhase {
  if (known === null) return 'everything';
  return known === generation ? phase : 'nothing';
}
