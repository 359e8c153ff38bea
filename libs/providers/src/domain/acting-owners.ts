import { API_OWNER } from '@smart-router/allocator';
import type { Provider } from './provider';

/** The providers without a secret whose webhooks are taken from anybody. */
export type AcceptUnverified = 'all' | readonly string[];

/**
 * The owners whose calls requests of this provider may see, end and bar: its own, and where it is trusted those that the API
 * brought in no provider's name. It is trusted where its requests prove who sent them, or nobody's do.
 */
export function actingOwners(
  { name, verifies }: Pick<Provider, 'name' | 'verifies'>,
  acceptUnverified: AcceptUnverified,
): readonly string[] {
  return verifies || acceptUnverified === 'all' ? [name, API_OWNER] : [name];
}
