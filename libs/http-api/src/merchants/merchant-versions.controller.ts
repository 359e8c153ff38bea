import { Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { annotate, ApiError, FieldsPipe, parseJsonObject } from '@smart-router/http';
import { MerchantConfigs, type MerchantRevision } from '@smart-router/tier-config';
import type { FastifyRequest } from 'fastify';
import { changeAuthorOf } from '../audit/change-author';
import { DryRunQuery } from '../inputs/dry-run-query.dto';
import { CONFIGURED_MERCHANT_ID_RULE } from '../inputs/identifier-fields';
import { MerchantPath, MerchantVersionPath } from '../inputs/path-params.dto';
import { rollbackOf, RollbackRequest } from '../inputs/rollback.dto';
import { ApiRoute, BODY_ERRORS, STORE_ERRORS } from '../openapi/api-route';
import { unknownVersion } from '../inputs/version-errors';
import { merchantVersionBody } from './merchant-body';
import { changedMerchant } from './merchant-outcome';
import { MerchantDetail, MerchantDryRun, MerchantVersionBody, MerchantVersions } from './merchant.dto';

const READ_ERRORS = ['INVALID_FIELD', 'MERCHANT_NOT_FOUND'] as const;

@ApiTags('merchants')
@Controller('merchants/:merchant_id')
export class MerchantVersionsController {
  constructor(private readonly merchants: MerchantConfigs) {}

  @Get('versions')
  @ApiRoute({
    id: 'listMerchantVersions',
    scope: 'read',
    summary: 'List the configs that a merchant had',
    description:
      'Newest first, the last 20, also after the config was removed; the first one is current. The versions of the ' +
      '10,000 merchants that were changed last are kept.',
    answer: MerchantVersions,
    answerText: 'The history.',
    errors: [...READ_ERRORS, ...STORE_ERRORS],
    fieldError: `merchant_id must be ${CONFIGURED_MERCHANT_ID_RULE}`,
  })
  async versions(@Param(new FieldsPipe(MerchantPath)) { merchant_id }: MerchantPath): Promise<MerchantVersions> {
    return { items: (await this.history(merchant_id)).map(merchantVersionBody), cursor: null };
  }

  @Get('versions/:version')
  @ApiRoute({
    id: 'getMerchantVersion',
    scope: 'read',
    summary: 'Show one version of the config of a merchant',
    description: 'What was stored as this version, one of the last 20.',
    answer: MerchantVersionBody,
    answerText: 'The version.',
    errors: [...READ_ERRORS, 'VERSION_NOT_FOUND', ...STORE_ERRORS],
    fieldError: 'version must be a whole number, 0 or more',
  })
  async version(@Param(new FieldsPipe(MerchantVersionPath)) path: MerchantVersionPath): Promise<MerchantVersionBody> {
    const asked = Number(path.version);
    const revision = (await this.history(path.merchant_id)).find(({ version }) => version === asked);
    if (revision === undefined) throw unknownVersion(asked);
    return merchantVersionBody(revision);
  }

  @Post('rollback')
  @ApiBody({ type: RollbackRequest })
  @ApiRoute({
    id: 'rollbackMerchant',
    scope: 'write',
    summary: 'Bring an earlier config of a merchant back',
    description:
      'Stores the content of `to_version` again, as a new version, also after the config was removed. Every tier and pool ' +
      'that it names must exist now. With `dry_run=true` nothing is changed, and `version` may be left out, as with `If-Match`.',
    query: DryRunQuery,
    answer: { anyOf: [MerchantDetail, MerchantDryRun] },
    answerText: 'The config is stored; for a dry run, what would change.',
    errors: [...BODY_ERRORS, 'INVALID_MERCHANT_CONFIG', 'VERSION_NOT_FOUND', 'VERSION_CONFLICT', ...STORE_ERRORS],
    fieldError: 'to_version is required',
    conditional: 'write',
  })
  async rollback(
    @Param(new FieldsPipe(MerchantPath)) { merchant_id }: MerchantPath,
    @Query(new FieldsPipe(DryRunQuery)) { dry_run }: DryRunQuery,
    @Req() request: FastifyRequest,
  ): Promise<MerchantDetail | MerchantDryRun> {
    const dryRun = dry_run === 'true';
    const { toVersion, expected } = rollbackOf(request, parseJsonObject(request.body), dryRun);
    annotate(request, { expected_version: expected.version, to_version: toVersion });
    const options = { ...expected, by: changeAuthorOf(request), dryRun };
    return changedMerchant(request, await this.merchants.rollback(merchant_id, toVersion, options));
  }

  private async history(merchantId: string): Promise<readonly MerchantRevision[]> {
    const history = await this.merchants.history(merchantId);
    if (history === null) throw new ApiError('MERCHANT_NOT_FOUND');
    return history;
  }
}
