import type { EndReason, FoundCall } from '../domain/past-calls';
import { parseDecision } from './decision-text';

type Fields = Readonly<Partial<Record<string, unknown>>>;

/** Reads what `includes/past-calls.lua` wrote; `null` for a text that a hand has put there. */
export function parsePastCall(callSid: string, text: string): FoundCall | null {
  const fields = parseFields(text);
  const at = Number(fields['at'] ?? 0);
  const common = {
    callSid,
    merchantId: textOf(fields, 'merchant_id'),
    provider: textOf(fields, 'provider') || null,
    attempts: parseDecision(textOf(fields, 'decision')),
  };
  if (fields['status'] === 'refused') return { kind: 'refused', call: { ...common, refusedAt: at } };
  if (fields['status'] !== 'ended') return null;
  const pool = textOf(fields, 'source_pool') || null;
  const allocatedAt = Number(textOf(fields, 'allocated_at')) || null;
  const reason = textOf(fields, 'reason') as EndReason;
  return {
    kind: 'ended',
    call: { ...common, podName: textOf(fields, 'pod_name'), pool, allocatedAt, endedAt: at, reason },
  };
}

function parseFields(text: string): Fields {
  try {
    return (JSON.parse(text) ?? {}) as Fields;
  } catch {
    // Written by hand.
    return {};
  }
}

function textOf(fields: Fields, name: string): string {
  return String(fields[name] ?? '');
}
