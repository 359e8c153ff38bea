import type { EventLogger } from '@smart-router/logging';
import type { ConfigRejection, TierConfigObserver } from './observer';
import type { ValidTierConfig } from './parse-tier-config';
import { describeProblems } from './problem';

type Fields = Readonly<Record<string, unknown>>;

/** Tells the log and the metrics what becomes of the stored tier config: each cause of a rejection is logged once. */
export class TierConfigReport {
  private rejectedCause: string | null = null;

  constructor(
    private readonly logger: EventLogger,
    private readonly observer: TierConfigObserver,
  ) {}

  /** What the store has is in force: a cause that comes back is worth a line again. */
  agreed(): void {
    this.rejectedCause = null;
  }

  inForce({ config, warnings }: ValidTierConfig): void {
    const { version, updatedAt, defaultChain } = config;
    this.observer.configAdopted(version);
    const tiers = [...config.tiers.keys()];
    const fields = { tier_config_version: version, updated_at: updatedAt, tiers, default_chain: defaultChain };
    this.logger.info(fields, 'tier config is in force');
    if (warnings.length > 0) {
      this.logger.warn(
        { tier_config_version: version, problems: describeProblems(warnings) },
        'parts of the tier config are ignored',
      );
    }
  }

  /** @param cause tells one occasion from another; two with the same are logged once */
  rejected(reason: ConfigRejection, cause: string, fields: Fields): void {
    this.observer.configRejected(reason);
    if (cause === this.rejectedCause) return;
    this.rejectedCause = cause;
    this.logger.warn({ reason, ...fields }, 'tier config not read from the store; the last good one stays in force');
  }

  takenFromHistory(version: number): void {
    this.logger.warn(
      { tier_config_version: version },
      'the stored tier config is invalid; the newest readable version of the history is taken for the last good one',
    );
  }

  restored(version: number): void {
    this.logger.warn({ tier_config_version: version }, 'tier config was missing in the store and is stored again');
  }

  listenerFailed(error: unknown): void {
    this.logger.error({ err: error }, 'a listener failed to take over the tier config');
  }
}
