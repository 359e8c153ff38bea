import type { ChangeAuthor, DrainOptions, DrainOutcome, PodDrains, UndrainOutcome } from '@smart-router/routing-store';
import type { AllocatorObserver } from './observer';

/**
 * Takes pods out of service and back, in the name of somebody, for the change log. Both methods throw
 * `StoreUnavailableError`; they may be repeated.
 */
export class PodDrainer {
  constructor(
    private readonly pods: PodDrains,
    private readonly observer: AllocatorObserver,
  ) {}

  /**
   * No new call lands on the pod once this returns; its live calls continue.
   * @param lasts how long, in milliseconds; left out: the drain time of the settings
   */
  async drain(podName: string, by: ChangeAuthor, lasts?: DrainOptions['lasts']): Promise<DrainOutcome> {
    const outcome = await this.pods.drain(podName, { by, ...(lasts === undefined ? {} : { lasts }) });
    if (outcome.kind === 'draining') this.observer.podDrained();
    return outcome;
  }

  /** Takes the drain back; the pod is offered again with the load that it really has. */
  undrain(podName: string, by: ChangeAuthor): Promise<UndrainOutcome> {
    return this.pods.undrain(podName, { by });
  }
}
