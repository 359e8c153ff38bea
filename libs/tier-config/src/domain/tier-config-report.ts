import type { EventLogger } from '@smart-router/logging';
import { type ConfigDivergence, NO_DIVERGENCE } from './config-divergence';
import type { ConfigRejection, TierConfigObserver } from './observer';
import type { ValidTierConfig } from './parse-tier-config';
import { describeProblems } from './problem';
import type { TierConfig } from './tier-config';
import { haveSameContent } from './tier-config-envelope';

type Fields = Readonly<Record<string, unknown>>;

/** Reports to the log and the metrics what becomes of the stored tier config: each cause of a rejection is logged once. */
export class TierConfigReport {
  private rejectedCause: string | null = null;
  private current: ConfigDivergence = NO_DIVERGENCE;

  constructor(
    private readonly logger: EventLogger,
    private readonly observer: TierConfigObserver,
    /** What an operator set in the environment; `null` for nothing. */
    private readonly environment: TierConfig | null,
  ) {}

  get divergence(): ConfigDivergence {
    return this.current;
  }

  /** What the store has is in force: a cause that comes back is worth a line again. */
  agreed(): void {
    this.rejectedCause = null;
    this.diverge({ notFollowed: null });
  }

  inForce({ config, warnings }: ValidTierConfig): void {
    const { version, updatedAt, defaultChain } = config;
    this.observer.configAdopted(version);
    const tiers = [...config.tiers.keys()];
    const fields = { tier_config_version: version, updated_at: updatedAt, tiers, default_chain: defaultChain };
    this.logger.info(fields, 'tier config is in force');
    this.compareWithEnvironment(config);
    this.diverge({ isPartlyIgnored: warnings.length > 0 });
    if (warnings.length > 0) {
      this.logger.warn(
        { tier_config_version: version, problems: describeProblems(warnings) },
        'parts of the tier config are ignored',
      );
    }
  }

  /** @param cause identifies the occasion; two with the same are logged once */
  rejected(reason: ConfigRejection, cause: string, fields: Fields): void {
    this.observer.configRejected(reason);
    this.diverge({ notFollowed: reason });
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

  /** Both differ from then on, as a rule since the stored one was changed: one line for it, not one for each version. */
  private compareWithEnvironment(config: TierConfig): void {
    const { environment } = this;
    if (environment === null) return;
    const differs = !haveSameContent(environment, config);
    const hasChanged = differs !== this.current.differsFromEnvironment;
    this.diverge({ differsFromEnvironment: differs });
    if (!hasChanged) return;
    const fields = { tier_config_version: config.version };
    if (differs) this.logger.warn(fields, 'TIER_CONFIG differs from the stored tier config, which is in force');
    else this.logger.info(fields, 'TIER_CONFIG is the stored tier config again');
  }

  private diverge(changes: Partial<ConfigDivergence>): void {
    this.current = { ...this.current, ...changes };
    const { differsFromEnvironment, isPartlyIgnored, notFollowed } = this.current;
    this.observer.configDiverges('not_followed', notFollowed !== null);
    this.observer.configDiverges('partly_ignored', isPartlyIgnored);
    this.observer.configDiverges('environment', differsFromEnvironment);
  }

  listenerFailed(error: unknown): void {
    this.logger.error({ err: error }, 'a listener failed to take over the tier config');
  }
}
