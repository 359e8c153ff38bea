/** How much depends on a component, from the start's point of view. */
export type Priority = 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW';

/**
 * - `PENDING`: not begun, or waiting for what it depends on;
 * - `RUNNING`: an attempt is under way, or the wait between two attempts of the first start;
 * - `SUCCESS`: started;
 * - `DEGRADED`: did not start, or was lost; tried again in the background;
 * - `FAILED`: did not start, and the start as a whole ended for it;
 * - `BLOCKED`: not begun, as something that it depends on is degraded;
 * - `STOPPED`: was stopped, or will not be started any more.
 */
export const STATUSES = ['PENDING', 'RUNNING', 'SUCCESS', 'DEGRADED', 'FAILED', 'BLOCKED', 'STOPPED'] as const;

export type ComponentStatus = (typeof STATUSES)[number];

/**
 * A part of the process that has to be started, as its module registers it.
 *
 * @typeParam Resource what `init` made and `cleanup` releases
 */
export interface ComponentDefinition<Resource = unknown> {
  /** Unique, for operators: `store`, `metrics_server`. */
  readonly name: string;
  readonly priority: Priority;
  /** Names of those that must have started before. */
  readonly dependencies?: readonly string[];
  /**
   * Names of those that start before this one: it waits until each of them has started or has been given up for the
   * time being, but needs none of them.
   */
  readonly after?: readonly string[];
  /** Longest time for one attempt; that of the options unless given. */
  readonly timeoutMs?: number;
  /** Attempts after the first one, before the component counts as failed; that of the options unless given. */
  readonly maxRetries?: number;
  /** How long its open circuit breaker waits; that of the options unless given, which counts where it is shorter. */
  readonly recoveryMs?: number;

  /**
   * One attempt. Several may be made, one after the other, those after `cleanup` among them.
   * @param signal aborted when the attempt has run out of time or the process stops; what resolves later is given to
   *   `cleanup` at once
   */
  init(signal: AbortSignal): Promise<Resource> | Resource;

  /** Longest time for `cleanup`; that of the options unless given. */
  readonly cleanupTimeoutMs?: number;

  /** Releases what one `init` made; called exactly once for each `init` that resolved. */
  cleanup?(resource: Resource): Promise<void> | void;

  /** Resolves where the started component works, rejects where it does not. */
  healthCheck?(resource: Resource): Promise<unknown>;
}

/** One whose resource only itself knows. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a list holds components of different resources
export type AnyDefinition = ComponentDefinition<any>;
