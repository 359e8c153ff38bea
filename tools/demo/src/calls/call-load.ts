import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from '../cluster/service';
import type { CallFigures } from './call-figures';
import { makeCall } from './provider-call';
import { PROVIDERS } from './webhooks';

export interface LoadOptions {
  readonly callsPerSecond: number;
  readonly callSeconds: number;
  /** In turn; each is routed as its config says. */
  readonly merchants: readonly string[];
  readonly router: () => Endpoint | null;
  readonly figures: CallFigures;
}

const FLOOD_GAP_MS = 5;

/** Callers of all providers. */
export class CallLoad {
  private readonly stopped = new AbortController();
  private readonly calls = new Set<Promise<void>>();
  private started = 0;
  private isFlooding = false;

  constructor(private readonly options: LoadOptions) {}

  /** Places calls until it is stopped. A call that is late does not hold up the next one. */
  async run(): Promise<void> {
    const { callsPerSecond } = this.options;
    if (callsPerSecond === 0) return;
    const gapMs = 1000 / callsPerSecond;
    const startMs = performance.now();
    for (let index = 0; !this.stopped.signal.aborted; index++) {
      await this.pause(startMs + index * gapMs - performance.now());
      if (!this.stopped.signal.aborted) this.place();
    }
  }

  /** So many calls at once, beside the others; a second one waits for the first. */
  async flood(count: number): Promise<void> {
    if (this.isFlooding) return;
    this.isFlooding = true;
    for (let index = 0; index < count && !this.stopped.signal.aborted; index++) {
      this.place();
      await this.pause(FLOOD_GAP_MS);
    }
    this.isFlooding = false;
  }

  /** No new calls from now on, and all callers hang up. Resolves when the end of each is reported. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await Promise.all(this.calls);
  }

  private place(): void {
    const { callSeconds, figures, merchants, router } = this.options;
    const index = this.started++;
    const provider = PROVIDERS[index % PROVIDERS.length] ?? 'twilio';
    const merchantId = merchants[Math.floor(index / PROVIDERS.length) % merchants.length] ?? '';
    const talkMs = callSeconds * 1000 * (0.5 + Math.random());
    const call = makeCall({ provider, merchantId, talkMs, router, figures, stopped: this.stopped.signal });
    this.calls.add(call);
    void call.finally(() => this.calls.delete(call));
  }

  private async pause(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.stopped.signal }).catch(() => undefined);
  }
}
