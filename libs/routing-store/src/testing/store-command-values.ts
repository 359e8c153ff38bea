import * as fc from 'fast-check';
import type { PoolPolicy } from '../domain/pool';

export const CALLS = ['call-1', 'call-2', 'call-3', 'call-4', 'call-5', 'call-6', 'call-7'];

export const POOLS = ['gold', 'standard', 'basic', 'merchant:acme'];
export const pool = fc.constantFrom(...POOLS, 'nowhere');
export const pod = fc.constantFrom('pod-1', 'pod-2', 'pod-3', 'pod-4', 'pod-5');
export const call = fc.constantFrom(...CALLS);
export const chain = fc.uniqueArray(pool, { maxLength: 4 });
export const policy: fc.Arbitrary<PoolPolicy> = fc.oneof(
  fc.constant<PoolPolicy>({ type: 'exclusive', maxConcurrent: 1 }),
  fc.integer({ min: 1, max: 3 }).map((maxConcurrent): PoolPolicy => ({ type: 'shared', maxConcurrent })),
);
export const merchantText = fc.constantFrom('{"tier":"gold"}', '{}', 'not json');

/** Whom requests act for: a provider alone, one that acts for the API, too, and the API. */
export const UNSIGNED = ['exotel'];
export const SIGNED = ['plivo', 'api'];

/** Who asks for a pod: a signed provider, an unsigned one, or the API in the name of one, in other letters. */
export const requester = fc.constantFrom(
  { provider: 'plivo', owners: SIGNED },
  { provider: 'exotel', owners: UNSIGNED },
  { provider: 'Exotel' },
);

export const CONDITIONS = [{ ready: true }, { ready: false }, { ready: false, terminating: true }];
