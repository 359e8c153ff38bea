import type { Violation } from './violation';

export interface PodAtEnd {
  readonly pod: string;
  readonly isAvailable: boolean;
  readonly calls: readonly string[];
}

/** What the store says when all calls have ended and time enough has passed. */
export interface EndState {
  readonly activeCalls: number;
  readonly pods: readonly PodAtEnd[];
}

/** @returns a leak for each pod that is missing, not available or still held, and for a wrong count */
export function checkEnd(expectedPods: Iterable<string>, { activeCalls, pods }: EndState): Violation[] {
  const found = new Map(pods.map((pod) => [pod.pod, pod]));
  const leaks = [...expectedPods].flatMap((name) => leakOf(name, found.get(name)) ?? []);
  if (activeCalls !== 0) leaks.push(leak(`${activeCalls} calls are active when all have ended`));
  return leaks;
}

function leakOf(name: string, pod: PodAtEnd | undefined): Violation | null {
  if (!pod) return leak(`${name} is gone`);
  if (pod.calls.length > 0) return leak(`${name} still holds ${pod.calls.join(', ')}`);
  return pod.isAvailable ? null : leak(`${name} holds no call and is not available`);
}

function leak(message: string): Violation {
  return { kind: 'leak', message, operations: [] };
}

export interface GrantCounts {
  /** The store's own number of grants. */
  readonly granted: number;
  /** New grants that clients were given. */
  readonly fresh: number;
  /** Allocations of unknown result: each was a grant, or none. */
  readonly unknown: number;
}

/** Every grant that a client saw is in the store's count, and no more than the unknown ones beside them. */
export function checkGrantCount({ granted, fresh, unknown }: GrantCounts): Violation | null {
  if (granted >= fresh && granted <= fresh + unknown) return null;
  const message = `the store counts ${granted} grants, the clients ${fresh} and ${unknown} of unknown result`;
  return { kind: 'wrong-grant-count', message, operations: [] };
}
