import { StoreUnavailableError } from '../domain/errors';
import type { WriteRefusal } from '../domain/routing-store';
import type { StoreObserver } from '../domain/store-observer';

/** With these words a server answers that takes no writes: no memory, a snapshot that failed, too few replicas, a replica. */
const REFUSAL = /^(OOM|MISCONF|NOREPLICAS|READONLY)\b/;

/** Knows from probes since when and why Redis answers and takes no writes. */
export class WriteRefusals {
  private refusal: WriteRefusal | null = null;

  constructor(
    private readonly observer: Pick<StoreObserver, 'writesRefused'>,
    /** Wall clock, in milliseconds. */
    private readonly now: () => number = Date.now,
  ) {}

  /** `null` while writes are taken, and where the last probe got no answer since they were. */
  get current(): WriteRefusal | null {
    return this.refusal;
  }

  /** Runs a write that changes nothing, and learns from its outcome, which it passes on. */
  async learnFrom(probe: () => Promise<unknown>): Promise<void> {
    try {
      await probe();
    } catch (error) {
      const reason = reasonOf(error);
      const code = REFUSAL.exec(reason)?.[1];
      if (code !== undefined) this.begin(code, reason);
      throw error;
    }
    if (this.refusal !== null) this.observer.writesRefused(null);
    this.refusal = null;
  }

  private begin(code: string, reason: string): void {
    if (this.refusal?.code === code) return;
    this.refusal = { sinceMs: this.refusal?.sinceMs ?? this.now(), code };
    this.observer.writesRefused(reason);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof StoreUnavailableError && error.cause instanceof Error ? error.cause.message : '';
}
