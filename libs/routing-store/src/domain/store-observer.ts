/** What a store finds out about itself, for logs and metrics. Implementations must not throw. */
export interface StoreObserver {
  /** Keys of another type stood where the store writes. They were put aside under `foreign:` and nothing of it is lost. */
  keysSetAside(keys: readonly string[]): void;
  /** An operation was refused, and changed nothing, since a key that it needs has another type. */
  keyRefused(reason: string): void;
  /** A change was carried out, and too few replicas had it in time: its caller was told that the outcome is unknown. */
  writeUnconfirmed(): void;
}

export const NOBODY: StoreObserver = {
  keysSetAside: () => undefined,
  keyRefused: () => undefined,
  writeUnconfirmed: () => undefined,
};
