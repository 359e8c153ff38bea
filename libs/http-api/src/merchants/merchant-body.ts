import type {
  CurrentMerchantConfig,
  MerchantChangePlan,
  MerchantConfigView,
  MerchantRevision,
} from '@smart-router/tier-config';
import type { MerchantBody, MerchantDetail, MerchantDryRun, MerchantState, MerchantVersionBody } from './merchant.dto';

export function merchantBody(merchant: MerchantConfigView): MerchantBody {
  return {
    merchant_id: merchant.merchantId,
    config: merchant.config,
    effective_chain: merchant.effectiveChain,
    ...(merchant.malformed === null ? {} : { malformed: merchant.malformed }),
  };
}

export function merchantDetail(merchant: CurrentMerchantConfig): MerchantDetail {
  const { version, updatedAt, tag } = merchant;
  return { ...merchantBody(merchant), version, updated_at: updatedAt, etag: `"${tag}"` };
}

export function merchantVersionBody(revision: MerchantRevision): MerchantVersionBody {
  const { version, updatedAt, removed, config, malformed } = revision;
  return { version, updated_at: updatedAt, removed, config, ...(malformed === null ? {} : { malformed }) };
}

export function merchantDryRun({ currentVersion, before, after }: MerchantChangePlan): MerchantDryRun {
  return {
    valid: true,
    merchant_id: before.merchantId,
    current_version: currentVersion,
    before: merchantState(before),
    after: merchantState(after),
  };
}

function merchantState({ config, effectiveChain }: MerchantConfigView): MerchantState {
  return { config, effective_chain: effectiveChain };
}
