import type { BreakerState } from './circuit-breaker';
import type { ComponentStatus, Priority } from './component-definition';

/** A component as it is at one moment. */
export interface ComponentSnapshot {
  readonly name: string;
  readonly priority: Priority;
  readonly status: ComponentStatus;
  /** From the begin of its start to the end of its last attempt, those in the background among them. */
  readonly durationMs: number;
  /** Attempts after the first one, those in the background among them. */
  readonly retries: number;
  /** Why it is not started, where something went wrong. */
  readonly error: unknown;
  readonly dependencies: readonly string[];
  /** When it took on this status, in milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly breaker: BreakerState;
}

/** Is informed of what happens to components, for logs and metrics. Implementations must not throw. */
export interface StartupObserver {
  /** A component took on another status. */
  changed(component: ComponentSnapshot, before: ComponentStatus): void;
  /** An attempt begins; the breaker is half-open where it is a probe. */
  attemptBegan(component: ComponentSnapshot): void;
  /** An attempt failed, whatever follows. */
  attemptFailed(component: ComponentSnapshot): void;
  /** A component could not be stopped, or not in time; the others are. */
  cleanupFailed(component: ComponentSnapshot, error: unknown): void;
}
