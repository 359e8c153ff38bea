import type { MerchantConfigView } from '@smart-router/tier-config';
import type { MerchantBody } from './merchant.dto';

export function merchantBody(merchant: MerchantConfigView): MerchantBody {
  return {
    merchant_id: merchant.merchantId,
    config: merchant.config,
    effective_chain: merchant.effectiveChain,
    ...(merchant.malformed === null ? {} : { malformed: merchant.malformed }),
  };
}
