export interface NonceMemoryOptions {
  /** Unix time in milliseconds. */
  readonly now?: () => number;
  /** How long a provider may repeat a request that it got no answer to. */
  readonly retryMs?: number;
  /** How long a nonce is remembered. */
  readonly memoryMs?: number;
  /** The oldest are forgotten first. */
  readonly maxNonces?: number;
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
export class NonceMemory {
  private readonly uses = new Map<string, Use>();
  private readonly now: () => number;
  private readonly retryMs: number;
  private readonly memoryMs: number;
  private readonly maxNonces: number;

  constructor({ now = Date.now, retryMs = 60_000, memoryMs = 600_000, maxNonces = 100_000 }: NonceMemoryOptions = {}) {
    this.now = now;
    this.retryMs = retryMs;
    this.memoryMs = memoryMs;
    this.maxNonces = maxNonces;
  }

  /**
   * Notes the use of a nonce that was signed by the provider.
   * @param fingerprint stands for the whole request; another request with the same nonce is never a retry
   */
  use(nonce: string, fingerprint: string): 'fresh' | 'retry' | 'replayed' {
    const now = this.now();
    this.forget(now);
    const first = this.uses.get(nonce);
    if (first === undefined) {
      this.uses.set(nonce, { at: now, fingerprint });
      return 'fresh';
    }
    return first.fingerprint === fingerprint && now - first.at <= this.retryMs ? 'retry' : 'replayed';
  }

  /** The map keeps the order of first use, so the old ones are at its front. */
  private forget(now: number): void {
    for (const [nonce, { at }] of this.uses) {
      if (now - at <= this.memoryMs && this.uses.size < this.maxNonces) {
        return;
      }
      this.uses.delete(nonce);
    }
  }
}
