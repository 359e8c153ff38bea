import type { ChangeAuthor, ChangeNote } from '../domain/change-log';
import type { RoutingStore } from '../domain/routing-store';

/** An operator who changes something in a test. */
export const OPERATOR: ChangeAuthor = { actor: 'ops', requestId: 'request-1', clientAddress: '192.0.2.1' };

export const TIER_CONFIG_PUT: ChangeNote = { ...OPERATOR, action: 'tier_config.put' };

/** Stores the config of a merchant in place of all that it had; `null` removes it. */
export function setMerchantConfig(store: Pick<RoutingStore, 'documents'>, merchantId: string, text: string | null) {
  const action = text === null ? 'merchant.delete' : 'merchant.put';
  return store.documents.changeMerchantConfig({ merchantId, text, expected: null, note: { ...OPERATOR, action } });
}
