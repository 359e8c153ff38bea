/** What may become of a call besides talking and hanging up. */
export type Trouble = 'refused' | 'failed' | 'cut' | 'wrongPod';

export interface Totals {
  readonly live: number;
  readonly placed: number;
  /** Calls that got no pod, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** No answer, an error, or an end that nobody took. */
  readonly failed: Readonly<Record<string, number>>;
  /** Streams that ended before the caller hung up. */
  readonly cut: Readonly<Record<string, number>>;
  readonly wrongPod: Readonly<Record<string, number>>;
  readonly framesSent: number;
  readonly framesLost: number;
}

/** Counts what became of the calls. */
export class CallFigures {
  private live = 0;
  private placed = 0;
  private framesSent = 0;
  private framesLost = 0;
  private answerTimes: number[] = [];
  private readonly troubles: Record<Trouble, Record<string, number>> = {
    refused: {},
    failed: {},
    cut: {},
    wrongPod: {},
  };

  /** A webhook was answered. */
  answered(ms: number): void {
    this.answerTimes.push(ms);
  }

  place(): void {
    this.placed++;
    this.live++;
  }

  end(): void {
    this.live--;
  }

  count(trouble: Trouble, reason: string): void {
    const counts = this.troubles[trouble];
    counts[reason] = (counts[reason] ?? 0) + 1;
  }

  frames(sent: number, echoed: number): void {
    this.framesSent += sent;
    this.framesLost += sent - echoed;
  }

  totals(): Totals {
    const { framesLost, framesSent, live, placed, troubles } = this;
    return { live, placed, framesSent, framesLost, ...structuredClone(troubles) };
  }

  /** The 99th percentile of the answers since the last question, in milliseconds; `null` where there were none. */
  takeP99Ms(): number | null {
    const times = this.answerTimes.sort((one, other) => one - other);
    this.answerTimes = [];
    return times[Math.ceil(times.length * 0.99) - 1] ?? null;
  }
}

export function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
