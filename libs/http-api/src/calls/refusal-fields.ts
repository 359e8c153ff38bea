import type { LogFields } from '@smart-router/logging';
import { chainText } from '@smart-router/routing-store';

interface Refusal {
  readonly reason: string;
  readonly attempts: readonly { readonly pool: string; readonly outcome: string }[];
}

/** What the log line of a request says whose call got no pod. */
export function refusalFields({ reason, attempts }: Refusal): LogFields {
  return { reason, chain: chainText(attempts) };
}
