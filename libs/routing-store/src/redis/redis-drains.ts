import type { ChangeAction, ChangeAuthor } from '../domain/change-log';
import type { DrainOptions, DrainOutcome, PodDrains, UndrainOutcome } from '../domain/pods';
import type { StoreTimings } from '../domain/routing-store';
import { noteArgs } from './redis-change-log';
import type { RedisStoreAccess } from './redis-store-access';

export class RedisDrains implements PodDrains {
  constructor(
    private readonly store: RedisStoreAccess,
    private readonly timings: StoreTimings,
  ) {}

  async drain(podName: string, { lasts, onlyProlong = false, by }: DrainOptions = {}): Promise<DrainOutcome> {
    const drainMs = lasts === 'until-undrained' ? '' : (lasts ?? this.timings.drainMs);
    const args = [podName, drainMs, onlyProlong ? 1 : 0, ...noteOf('pod.drain', by)];
    return this.store.runConfirmed('drain', this.store.keys.pod(podName), ...args);
  }

  async undrain(podName: string, { by }: Pick<DrainOptions, 'by'> = {}): Promise<UndrainOutcome> {
    const args = [podName, ...noteOf('pod.undrain', by)];
    return this.store.runConfirmed('undrain', this.store.keys.pod(podName), ...args);
  }
}

function noteOf(action: ChangeAction, by: ChangeAuthor | undefined): readonly string[] {
  return by === undefined ? [] : noteArgs({ ...by, action });
}
