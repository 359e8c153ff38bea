import { type CallView, poolLabel } from '@smart-router/routing-store';
import { isoTime } from '../inputs/iso-time';
import type { CallDetail, CallSummary } from './call.dto';

export function callSummary(call: CallView): CallSummary {
  return {
    call_sid: call.callSid,
    pod_name: call.podName,
    source_pool: poolLabel(call.pool),
    pool: call.pool,
    merchant_id: call.merchantId,
    provider: call.provider,
    allocated_at: call.allocatedAt,
    expires_at: isoTime(call.expiresAt),
  };
}

export function callDetail(call: CallView): CallDetail {
  return { ...callSummary(call), chain: call.attempts.map(({ pool, outcome }) => ({ pool, outcome })) };
}
