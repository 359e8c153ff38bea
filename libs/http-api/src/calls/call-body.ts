import { type CallView, type FoundCall, type PoolAttempt, poolLabel, refusalReason } from '@smart-router/routing-store';
import type { CallDetail, CallSummary } from './call.dto';
import type { ChainAttempt } from './chain-attempt.dto';
import type { EndedCallDetail, RefusedCallDetail } from './past-call.dto';

/** Milliseconds of the domain as seconds of the API. */
export function unixSeconds(unixMs: number): number {
  return Math.floor(unixMs / 1000);
}

export function chainBody(attempts: readonly PoolAttempt[]): ChainAttempt[] {
  return attempts.map(({ pool, outcome }) => ({ pool, outcome }));
}

export function callSummary(call: CallView): CallSummary {
  return {
    call_sid: call.callSid,
    status: 'active',
    pod_name: call.podName,
    source_pool: poolLabel(call.pool),
    pool: call.pool,
    merchant_id: call.merchantId,
    provider: call.provider,
    allocated_at: call.allocatedAt,
    expires_at: unixSeconds(call.expiresAt),
  };
}

export function callDetail(found: FoundCall): CallDetail | EndedCallDetail | RefusedCallDetail {
  const chain = chainBody(found.call.attempts);
  if (found.kind === 'live') return { ...callSummary(found.call), chain };
  const common = {
    call_sid: found.call.callSid,
    merchant_id: found.call.merchantId,
    provider: found.call.provider,
    chain,
  };
  if (found.kind === 'refused') {
    const { refusedAt, attempts } = found.call;
    return { ...common, status: 'refused', refused_at: refusedAt, reason: refusalReason(attempts) };
  }
  const { podName, pool, allocatedAt, endedAt, reason } = found.call;
  return {
    ...common,
    ...{ status: 'ended', pod_name: podName, source_pool: pool === null ? null : poolLabel(pool), pool },
    ...{ allocated_at: allocatedAt, ended_at: endedAt, reason },
  };
}
