import type { LeaseRecord } from './lease-record';

/** More than this many changes of the holder does not fit where the API keeps their number, so it starts again. */
const MAX_TRANSITIONS = 2 ** 31 - 2;

/** Makes the best of what somebody may have written by hand: what makes no sense counts as not there. */
export function readRecord(value: unknown): LeaseRecord {
  const fields =
    typeof value === 'object' && value !== null ? (value as Partial<Record<keyof LeaseRecord, unknown>>) : {};
  const { acquireTime, holderIdentity, leaseDurationSeconds, leaseTransitions, renewTime } = fields;
  return {
    holderIdentity: typeof holderIdentity === 'string' ? holderIdentity : '',
    leaseDurationSeconds: isCount(leaseDurationSeconds) ? leaseDurationSeconds : null,
    acquireTime: readTime(acquireTime),
    renewTime: readTime(renewTime),
    leaseTransitions: isCount(leaseTransitions) && leaseTransitions <= MAX_TRANSITIONS ? leaseTransitions : 0,
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** In milliseconds, however many digits were written. */
function readTime(value: unknown): string | null {
  const time = typeof value === 'string' ? new Date(value) : null;
  return time === null || Number.isNaN(time.getTime()) ? null : time.toISOString();
}
