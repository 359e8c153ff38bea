/** How likely Redis throws keys away that are still needed. */
export type EvictionRisk =
  /** Redis does not say: it may. */
  | 'unknown'
  /** It never does. */
  | 'none'
  /** It would, once it is given a limit of memory. */
  | 'without-limit'
  /** It does, when the limit of memory is reached. */
  | 'possible';

export interface MemoryLimit {
  readonly policy: string;
  /** 0: no limit. */
  readonly maxBytes: number;
}

interface WaitCoverage {
  /** How many replicas must have a change before it is acknowledged. */
  readonly confirmedBy: number;
  /** How many follow the master. */
  readonly replicas: number;
}

/** What a store finds out about itself, for logs and metrics. Implementations must not throw. */
export interface StoreObserver {
  /** Keys of another type stood where the store writes. They were moved under `foreign:` and nothing of it is lost. */
  keysQuarantined(keys: readonly string[]): void;
  /** An operation was refused, and changed nothing, since a key that it needs has another type. */
  keyRefused(reason: string): void;
  /** A change was carried out, and too few replicas had it in time: its caller was answered that the outcome is unknown. */
  writeUnconfirmed(): void;
  /** Redis does not let this process do what it must: a password or the rules of its user were changed. */
  accessRefused(reason: string): void;
  /** A change is in force, and the hint that announces it was refused: the other processes see it with their next look. */
  hintRefused(reason: string): void;
  /** A change was announced. */
  hintSent(): void;
  /** Redis answers and takes no writes, with its words, or takes them again: `null`. */
  writesRefused(reason: string | null): void;
  /** Whether Redis may throw keys away has changed. */
  evictionRisk(risk: EvictionRisk, limit: MemoryLimit): void;
  /** Whether there are replicas that may lack what was acknowledged, and that a failover may promote, has changed. */
  waitBelowReplicas(isBelow: boolean, coverage: WaitCoverage): void;
  /** The store has lost all that it held at the last look. */
  storeEmptied(): void;
  /** The data are those of another installation (nothing is read or written then), or the right ones again. */
  wrongStore(isWrong: boolean, mark: string): void;
}

export const NOOP_OBSERVER: StoreObserver = {
  keysQuarantined: () => undefined,
  keyRefused: () => undefined,
  accessRefused: () => undefined,
  hintRefused: () => undefined,
  hintSent: () => undefined,
  writeUnconfirmed: () => undefined,
  writesRefused: () => undefined,
  evictionRisk: () => undefined,
  waitBelowReplicas: () => undefined,
  storeEmptied: () => undefined,
  wrongStore: () => undefined,
};
