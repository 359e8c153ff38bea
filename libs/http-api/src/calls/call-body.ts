import { type CallView, poolLabel } from '@smart-router/routing-store';
import type { CallDetail, CallSummary } from './call.dto';

/** Milliseconds of the domain as seconds of the API. */
export function unixSeconds(unixMs: number): number {
  return Math.floor(unixMs / 1000);
}

export function callSummary(call: CallView): CallSummary {
  return {
    call_sid: call.callSid,
    pod_name: call.podName,
    source_pool: poolLabel(call.pool),
    pool: call.pool,
    merchant_id: call.merchantId,
    provider: call.provider,
    allocated_at: call.allocatedAt,
    expires_at: unixSeconds(call.expiresAt),
  };
}

export function callDetail(call: CallView): CallDetail {
  return { ...callSummary(call), chain: call.attempts.map(({ pool, outcome }) => ({ pool, outcome })) };
}
