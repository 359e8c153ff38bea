import { type CallOwner, ownerOf } from '../domain/call-owners';

/** Calls whose end was reported, and the owners whose requests for them take no pod; see `includes/end-marks.lua`. */
export class EndMarks {
  /** By call: the owners, and until when they are barred; the calls in the order in which their marks run out. */
  private readonly marks = new Map<string, Map<CallOwner, number>>();
  /** By who reported them. */
  private readonly unknownEnds = new Map<CallOwner, { count: number; readonly untilMs: number }>();

  constructor(
    private readonly markMs: number,
    private readonly now: () => number,
  ) {}

  /** What is remembered of the call for others stays as it is. */
  bar(callSid: string, owners: readonly CallOwner[]): void {
    this.forgetOld();
    const untilMs = this.now() + this.markMs;
    const mark = this.marks.get(callSid) ?? new Map<CallOwner, number>();
    for (const owner of owners) mark.set(owner, untilMs);
    this.marks.delete(callSid);
    this.marks.set(callSid, mark);
  }

  isBarred(callSid: string, provider: string | null | undefined): boolean {
    return this.bars(callSid, ownerOf(provider));
  }

  areBarred(callSid: string, owners: readonly CallOwner[]): boolean {
    return owners.every((owner) => this.bars(callSid, owner));
  }

  /** Whether one more end of a call that was never met is remembered; see `includes/unknown-ends.lua`. */
  admitUnknown(owner: CallOwner, max: number): boolean {
    const known = this.unknownEnds.get(owner);
    const window = known && known.untilMs > this.now() ? known : { count: 0, untilMs: this.now() + this.markMs };
    if (window.count >= max) return false;
    window.count += 1;
    this.unknownEnds.set(owner, window);
    return true;
  }

  private bars(callSid: string, owner: CallOwner): boolean {
    return (this.marks.get(callSid)?.get(owner) ?? 0) > this.now();
  }

  private forgetOld(): void {
    for (const [callSid, mark] of this.marks) {
      if ([...mark.values()].some((untilMs) => untilMs > this.now())) return;
      this.marks.delete(callSid);
    }
  }
}
