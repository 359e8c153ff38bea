import { annotate, ApiError, preconditionFailed } from '@smart-router/http';
import { describeProblems, type CurrentMerchantConfig, type MerchantChangeOutcome } from '@smart-router/tier-config';
import type { FastifyRequest } from 'fastify';
import { unknownVersion, versionConflict } from '../inputs/version-errors';
import { merchantDetail, merchantDryRun } from './merchant-body';
import type { MerchantDetail, MerchantDryRun } from './merchant.dto';

/**
 * Names the new version in the line of the request, too.
 *
 * @param changed what is answered once the change is made; left out: the merchant as it is now
 * @throws ApiError where nothing was stored
 */
export function changedMerchant<Body = MerchantDetail>(
  request: FastifyRequest,
  outcome: MerchantChangeOutcome,
  changed: (merchant: CurrentMerchantConfig | null) => Body = (merchant) => presentMerchant(merchant) as Body,
): Body | MerchantDryRun {
  switch (outcome.kind) {
    case 'changed':
      if (outcome.merchant !== null) annotate(request, { merchant_version: outcome.merchant.version });
      return changed(outcome.merchant);
    case 'planned':
      return merchantDryRun(outcome.plan);
    default:
      throw refusal(outcome);
  }
}

function presentMerchant(merchant: CurrentMerchantConfig | null): MerchantDetail {
  if (merchant === null) throw new ApiError('MERCHANT_NOT_FOUND');
  return merchantDetail(merchant);
}

function refusal(outcome: Exclude<MerchantChangeOutcome, { readonly kind: 'changed' | 'planned' }>): ApiError {
  switch (outcome.kind) {
    case 'invalid':
      return new ApiError('INVALID_MERCHANT_CONFIG', {
        text: `invalid merchant config: ${describeProblems(outcome.problems)}`,
      });
    case 'unknown-merchant':
      return new ApiError('MERCHANT_NOT_FOUND');
    case 'unknown-version':
      return unknownVersion(outcome.version);
    case 'version-conflict':
      return versionConflict(outcome.currentVersion);
    case 'precondition-failed':
      return preconditionFailed(outcome.currentTag);
  }
}
