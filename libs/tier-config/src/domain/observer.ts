/**
 * Why a text was not taken over from the store: it is no valid config, there is none any more, or the store could
 * not be asked.
 */
export type ConfigRejection = 'invalid' | 'missing' | 'unavailable';

/** The ways in which a process may serve another config than is expected; see `ConfigDivergence`. */
export type DivergenceKind = 'not_followed' | 'partly_ignored' | 'environment';

/** What happens to configuration, for metrics. Implementations must not throw. */
export interface TierConfigObserver {
  /** A config came into force in this process. */
  configAdopted(version: number): void;
  /** A refresh kept the last good config. Called at every refresh, where the log has it once per cause. */
  configRejected(reason: ConfigRejection): void;
  /** Whether it diverges in this way now. */
  configDiverges(kind: DivergenceKind, diverges: boolean): void;
  /** A call was routed by the default chain, since the config of its merchant cannot be read. */
  merchantConfigMalformed(): void;
  /** A merchant config names a tier that does not exist. Called once per tier and tier config. */
  unknownTierSkipped(): void;
}
