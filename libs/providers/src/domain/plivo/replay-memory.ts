interface ReplayMemoryOptions {
  /** Unix time in milliseconds. */
  readonly now?: () => number;
  /** How long a provider may repeat a request that it got no answer to. */
  readonly retryMs?: number;
  /** How long a request is remembered. */
  readonly memoryMs?: number;
  /** The oldest are forgotten first. */
  readonly maxRequests?: number;
}

interface Use {
  readonly at: number;
  readonly fingerprint: string;
}

/**
 * Recognizes a captured request that is sent again. A repetition shortly after the first is a retry of the provider and
 * has to pass: it gets the same pod, and refusing it would lose the call.
 *
 * The memory is this process's own. A replay that meets another replica, or comes later than the memory lasts, is not
 * recognized: it gets the pod that the call has, or takes one for a call that was released.
 */
export class ReplayMemory {
  private readonly uses = new Map<string, Use>();
  private readonly now: () => number;
  private readonly retryMs: number;
  private readonly memoryMs: number;
  private readonly maxRequests: number;

  constructor({
    now = Date.now,
    retryMs = 60_000,
    memoryMs = 600_000,
    maxRequests = 100_000,
  }: ReplayMemoryOptions = {}) {
    this.now = now;
    this.retryMs = retryMs;
    this.memoryMs = memoryMs;
    this.maxRequests = maxRequests;
  }

  /**
   * Notes the use of a signed text.
   * @param signed stands for all that was signed, however it was cut into fields
   * @param fingerprint stands for the whole request; another request with the same signed text is never a retry
   */
  use(signed: string, fingerprint: string): 'fresh' | 'retry' | 'replayed' {
    const now = this.now();
    this.forget(now);
    const first = this.uses.get(signed);
    if (first === undefined) {
      this.uses.set(signed, { at: now, fingerprint });
      return 'fresh';
    }
    return first.fingerprint === fingerprint && now - first.at <= this.retryMs ? 'retry' : 'replayed';
  }

  /** The map keeps the order of first use, so the old ones come first. */
  private forget(now: number): void {
    for (const [signed, { at }] of this.uses) {
      if (now - at <= this.memoryMs && this.uses.size < this.maxRequests) {
        return;
      }
      this.uses.delete(signed);
    }
  }
}
