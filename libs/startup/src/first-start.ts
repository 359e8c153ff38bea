import type { Clock } from '@smart-router/scheduling';
import type { Component, StartLimits } from './component';
import { runInOrder } from './dependency-graph';
import type { StartupPolicy } from './startup-options';

interface FirstStartOptions {
  /** Every component after its predecessors. */
  readonly ordered: readonly Component[];
  readonly policy: Pick<StartupPolicy, 'robust' | 'degradedAllowed' | 'deadlineMs'>;
  readonly clock: Clock;
  /** Aborted when the process stops. */
  readonly stopping: AbortSignal;
  /** Tries to start one whose predecessors are over. */
  readonly begin: (
    component: Component,
    limits: StartLimits,
  ) => Promise<'started' | 'failed' | 'blocked' | 'abandoned'>;
  /** Called for one that has failed and that the process can do without. */
  readonly onFailed: (component: Component) => void;
}

export interface FirstStart {
  /**
   * The component whose failure ended the start, or `null` once all that the process cannot do without have started;
   * the others may still be on their way.
   */
  readonly fatal: Promise<Component | null>;
  /** Resolves when no component is on its way any more, well or not. */
  readonly ended: Promise<void>;
}

/**
 * Begins the start of all components.
 *
 * Guarantees: nothing begins before what it depends on has started; what does not depend on each other starts in
 * parallel, or one after the other where the policy is not robust; a component is tried by one start only; where one
 * that the process cannot do without has failed, nothing new begins.
 */
export function beginFirstStart({
  ordered,
  policy,
  clock,
  begin,
  onFailed,
  ...options
}: FirstStartOptions): FirstStart {
  const failed = new AbortController();
  const deadline = new AbortController();
  const over = new AbortController();
  const stopping = AbortSignal.any([options.stopping, failed.signal]);
  let fatal: Component | null = null;
  const startOne = async (component: Component): Promise<void> => {
    if (stopping.aborted) return;
    const maxRetries = policy.robust ? component.maxRetries : 0;
    const outcome = await begin(component, { maxRetries, stopping, deadline: deadline.signal });
    if (outcome === 'started' || outcome === 'abandoned') return;
    if (isRequired(component, policy)) {
      component.become('FAILED');
      fatal ??= component;
      failed.abort();
    } else if (outcome === 'failed') onFailed(component);
  };
  const ends = runInOrder(ordered, policy.robust, startOne);
  const ended = Promise.all(ends.values()).then(() => over.abort());
  void clock.sleep(policy.deadlineMs, AbortSignal.any([over.signal, options.stopping])).then(() => deadline.abort());
  const required = ordered.filter((one) => isRequired(one, policy)).map(({ name }) => ends.get(name));
  return { ended, fatal: Promise.all(required).then(async () => (fatal ? ended.then(() => fatal) : null)) };
}

/** Whether the process cannot do without it. */
function isRequired({ definition: { priority } }: Component, policy: FirstStartOptions['policy']): boolean {
  if (priority === 'CRITICAL' || !policy.robust) return true;
  return priority === 'HIGH' && !policy.degradedAllowed;
}
