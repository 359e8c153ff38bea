import { type FoundCall, PAST_CALL_MS, PAST_CALLS_A_MINUTE } from '../domain/past-calls';

type PastCall = Exclude<FoundCall, { kind: 'live' }>;

const MINUTE_MS = 60_000;

/** Calls that have ended or were refused a short while ago. See `includes/past-calls.lua`. */
export class PastCalls {
  /** In the order in which they run out. */
  private readonly calls = new Map<string, { readonly past: PastCall; readonly untilMs: number }>();
  private readonly counts = new Map<PastCall['kind'], { untilMs: number; count: number }>();

  constructor(private readonly now: () => number) {}

  remember(past: PastCall): void {
    this.forgetOld();
    this.calls.delete(past.call.callSid);
    if (this.count(past.kind) > PAST_CALLS_A_MINUTE[past.kind]) return;
    this.calls.set(past.call.callSid, { past, untilMs: this.now() + PAST_CALL_MS });
  }

  find(callSid: string): PastCall | null {
    const found = this.calls.get(callSid);
    return found && found.untilMs > this.now() ? found.past : null;
  }

  private forgetOld(): void {
    for (const [callSid, { untilMs }] of this.calls) {
      if (untilMs > this.now()) return;
      this.calls.delete(callSid);
    }
  }

  private count(kind: PastCall['kind']): number {
    const known = this.counts.get(kind);
    const current = known && known.untilMs > this.now() ? known : { untilMs: this.now() + MINUTE_MS, count: 0 };
    current.count += 1;
    this.counts.set(kind, current);
    return current.count;
  }
}
