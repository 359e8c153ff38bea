import { ManualClock } from '@smart-router/scheduling/testing';
import { initialTierConfig } from '../domain/initial-tier-config';
import { TierConfigService } from '../domain/tier-config-service';
import { HandEditedStore } from './hand-edited-store';
import { RecordingLogger, RecordingObserver } from './recorders';

export const REFRESH_MS = 30_000;

/** The time that the service of `setupService` sees. */
export const NOW = '2026-11-21T12:00:00.000Z';

export interface ServiceSetup {
  readonly service: TierConfigService;
  readonly store: HandEditedStore;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly observer: RecordingObserver;
}

/** A service over a store that is empty, or holds what another service wrote before. */
export function setupService(environment: string | null = null, store = new HandEditedStore()): ServiceSetup {
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const observer = new RecordingObserver();
  const service = new TierConfigService({
    store: { documents: store, hints: store },
    initial: initialTierConfig(environment),
    isInitialGiven: environment !== null,
    refreshMs: REFRESH_MS,
    clock,
    now: () => Date.parse(NOW),
    logger,
    observer,
  });
  return { service, store, clock, logger, observer };
}
