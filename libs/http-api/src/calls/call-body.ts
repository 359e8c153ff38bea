import {
  type CallView,
  type EndedCall,
  type FoundCall,
  isoTime,
  type PoolAttempt,
  poolLabel,
  refusalReason,
  type RefusedCall,
} from '@smart-router/routing-store';
import type { CallDetail, CallSummary } from './call.dto';
import type { ChainAttempt } from './chain-attempt.dto';
import type { EndedCallDetail, RefusedCallDetail } from './past-call.dto';

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
    expires_at: isoTime(call.expiresAt),
  };
}

export function callDetail(found: FoundCall): CallDetail | EndedCallDetail | RefusedCallDetail {
  if (found.kind === 'live') return { ...callSummary(found.call), chain: chainBody(found.call.attempts) };
  return found.kind === 'ended' ? endedCall(found.call) : refusedCall(found.call);
}

function endedCall(call: EndedCall): EndedCallDetail {
  return {
    call_sid: call.callSid,
    status: 'ended',
    pod_name: call.podName,
    source_pool: call.pool === null ? null : poolLabel(call.pool),
    pool: call.pool,
    merchant_id: call.merchantId,
    provider: call.provider,
    allocated_at: call.allocatedAt,
    ended_at: isoTime(call.endedAt * 1000),
    reason: call.reason,
    chain: chainBody(call.attempts),
  };
}

function refusedCall(call: RefusedCall): RefusedCallDetail {
  return {
    call_sid: call.callSid,
    status: 'refused',
    merchant_id: call.merchantId,
    provider: call.provider,
    refused_at: isoTime(call.refusedAt * 1000),
    reason: refusalReason(call.attempts),
    chain: chainBody(call.attempts),
  };
}
