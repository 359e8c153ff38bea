import type { CallOperation } from './call-operation';
import { type CertainHold, certainHolds } from './certain-holds';
import { checkCall } from './check-call';
import { PodSweep } from './pod-sweep';
import type { Violation, ViolationKind } from './violation';

/** A broken store breaks everything: the first violations report the cause, the number of the others is enough. */
const MAX_KEPT = 100;

export interface Verdict {
  readonly calls: number;
  readonly operations: number;
  readonly holds: number;
  readonly counts: Readonly<Partial<Record<ViolationKind, number>>>;
  /** The first ones. */
  readonly violations: readonly Violation[];
}

/**
 * Checks a history call by call, as they end, in bounded memory.
 *
 * It trusts what clients saw and nothing that the store says of itself: each call by itself must be explained by the
 * model of a call, and the holds that follow from it must not overlap on a pod beyond what the pod may have.
 */
export class HistoryChecker {
  private readonly sweep: PodSweep;
  private readonly violations: Violation[] = [];
  private readonly counts: Partial<Record<ViolationKind, number>> = {};
  private readonly totals = { calls: 0, operations: 0, holds: 0 };

  /** @param maxCalls all pods, with how many calls each may have at once */
  constructor(private readonly maxCalls: ReadonlyMap<string, number>) {
    this.sweep = new PodSweep(maxCalls);
  }

  /** @param operations all that were ever sent of one call */
  addCall(operations: readonly CallOperation[]): void {
    const holds = certainHolds(operations);
    this.totals.calls++;
    this.totals.operations += operations.length;
    this.totals.holds += holds.length;
    const violation = checkCall(operations);
    if (violation) this.report(violation);
    for (const hold of holds) this.addHold(hold);
  }

  /** Sweeps what lies before this moment. No call that began before it may be added later. */
  advance(untilNs: number): void {
    for (const violation of this.sweep.advance(untilNs)) this.report(violation);
  }

  /** For what was found by other means, at the end. */
  report(violation: Violation): void {
    this.counts[violation.kind] = (this.counts[violation.kind] ?? 0) + 1;
    if (this.violations.length < MAX_KEPT) this.violations.push(violation);
  }

  /** Sweeps the rest. */
  finish(): Verdict {
    this.advance(Infinity);
    return { ...this.totals, counts: { ...this.counts }, violations: [...this.violations] };
  }

  private addHold(hold: CertainHold): void {
    if (this.maxCalls.has(hold.pod)) {
      this.sweep.add(hold);
    } else {
      this.report({ kind: 'unknown-pod', message: `${hold.callSid} was given ${hold.pod}`, operations: [] });
    }
  }
}
