import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '@smart-router/logging';
import { LOGGER } from '@smart-router/logging/nest';
import type { Settings } from '@smart-router/settings';
import { SETTINGS } from '@smart-router/settings/nest';

/** What a process cannot work without, and for how long it has been without it. */
type OutageOfStore = () => { readonly lastsMs: number; readonly code: string } | null;

/**
 * Whether the process is of use at all, for its liveness probe. It is, unless an operator has set a bound for the time
 * without a store: a process that waits for a Redis that others reach is then restarted. It cannot know whether others
 * do, so an outage of Redis that is longer than the bound restarts all of them.
 */
@Injectable()
export class Liveness {
  private readonly limitMs: number;
  private outage: OutageOfStore = () => null;
  private isReported = false;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.limitMs = settings.livenessStoreTimeoutMs;
  }

  /** The module that owns the store calls it once. */
  watchStore(outage: OutageOfStore): void {
    this.outage = outage;
  }

  /** @returns whether a restart may help, logged once for each outage */
  get isLost(): boolean {
    const outage = this.outage();
    const isLost = this.limitMs > 0 && outage !== null && outage.lastsMs > this.limitMs;
    if (isLost && !this.isReported) {
      const fields = { reason: outage.code, outage_ms: Math.round(outage.lastsMs), limit_ms: this.limitMs };
      this.logger.error(
        fields,
        'store lost for longer than LIVENESS_STORE_TIMEOUT: the liveness probe fails from now on',
      );
    }
    this.isReported = isLost;
    return isLost;
  }
}
