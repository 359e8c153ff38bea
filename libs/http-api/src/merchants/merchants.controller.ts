import { Controller, Delete, Get, Header, Inject, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { ApiError, FieldsPipe, parseJsonObject, refuseFields, sendState } from '@smart-router/http';
import type { RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE } from '@smart-router/routing-store/nest';
import { type MerchantChangeOptions, MerchantConfigs } from '@smart-router/tier-config';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { changeAuthorOf } from '../audit/change-author';
import { DryRunQuery } from '../inputs/dry-run-query.dto';
import { preconditionOf } from '../inputs/expected-state';
import { CONFIGURED_MERCHANT_ID_RULE } from '../inputs/identifier-fields';
import { listPage } from '../inputs/list-page.dto';
import { PageQuery, pageRequest } from '../inputs/page-query.dto';
import { MerchantPath } from '../inputs/path-params.dto';
import { ApiRoute, BODY_ERRORS, STORE_ERRORS } from '../openapi/api-route';
import { merchantBody, merchantDetail } from './merchant-body';
import { changedMerchant } from './merchant-outcome';
import {
  MerchantConfigChange,
  MerchantDetail,
  MerchantDryRun,
  MerchantExport,
  MerchantList,
  MerchantRemoved,
} from './merchant.dto';

const MERCHANT_ID_RULE = `merchant_id must be ${CONFIGURED_MERCHANT_ID_RULE}`;

@ApiTags('merchants')
@Controller('merchants')
export class MerchantsController {
  constructor(
    private readonly merchants: MerchantConfigs,
    @Inject(ROUTING_STORE) private readonly store: Pick<RoutingStore, 'kind'>,
  ) {}

  @Get()
  @ApiRoute({
    id: 'listMerchants',
    scope: 'read',
    summary: 'List merchants that have a config',
    description: 'In pages of about `limit`. A merchant may be met twice, never missed.',
    answer: MerchantList,
    query: PageQuery,
    answerText: 'One page.',
    errors: ['INVALID_FIELD', ...STORE_ERRORS],
    fieldError: 'limit must be a whole number from 1 to 500',
  })
  async list(@Query(new FieldsPipe(PageQuery)) query: PageQuery): Promise<MerchantList> {
    const { items, cursor } = await this.merchants.list(pageRequest('merchants', query, this.store.kind));
    return { items: items.map(merchantBody), ...listPage('merchants', cursor) };
  }

  @Get('export')
  @Header('content-disposition', 'attachment; filename="merchants.json"')
  @ApiRoute({
    id: 'exportMerchants',
    scope: 'read',
    summary: 'Export the configs of all merchants',
    description: 'Every merchant once, in one answer. One that is changed meanwhile is there as before or as after.',
    answer: MerchantExport,
    answerText: 'All merchants.',
    errors: STORE_ERRORS,
  })
  async export(): Promise<MerchantExport> {
    const exported_at = new Date().toISOString();
    return { exported_at, items: (await this.merchants.exportAll()).map(merchantBody), cursor: null };
  }

  @Get(':merchant_id')
  @ApiRoute({
    id: 'getMerchant',
    scope: 'read',
    summary: 'Show the config of a merchant',
    description: 'What is stored, and the pools that calls of the merchant try now because of it.',
    answer: MerchantDetail,
    answerText: 'The merchant.',
    errors: ['INVALID_FIELD', 'MERCHANT_NOT_FOUND', ...STORE_ERRORS],
    fieldError: MERCHANT_ID_RULE,
    conditional: 'read',
  })
  async get(
    @Param(new FieldsPipe(MerchantPath)) { merchant_id }: MerchantPath,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const merchant = await this.merchants.get(merchant_id);
    if (merchant === null) throw new ApiError('MERCHANT_NOT_FOUND');
    sendState(request, reply, merchant.tag, merchantDetail(merchant));
  }

  @Put(':merchant_id')
  @ApiBody({ type: MerchantConfigChange })
  @ApiRoute({
    id: 'putMerchant',
    scope: 'write',
    summary: 'Store the config of a merchant, or ask what that would do',
    description:
      'Takes the place of all that was stored for the merchant. Every tier and pool that it names must exist, and a field that ' +
      'is not known is refused. It counts from the next allocation on, on every replica. What is stored already makes no new ' +
      'version. With `dry_run=true` nothing is changed: the answer has the chain before and after.',
    query: DryRunQuery,
    answer: { anyOf: [MerchantDetail, MerchantDryRun] },
    answerText: 'The config is stored; for a dry run, what would change.',
    errors: [...BODY_ERRORS, 'INVALID_MERCHANT_CONFIG', 'VERSION_CONFLICT', ...STORE_ERRORS],
    fieldError: MERCHANT_ID_RULE,
    conditional: 'write',
  })
  async put(
    @Param(new FieldsPipe(MerchantPath)) { merchant_id }: MerchantPath,
    @Query(new FieldsPipe(DryRunQuery)) query: DryRunQuery,
    @Req() request: FastifyRequest,
  ): Promise<MerchantDetail | MerchantDryRun> {
    const body = parseJsonObject(request.body);
    return changedMerchant(request, await this.merchants.put(merchant_id, body, changeOptions(request, query)));
  }

  @Delete(':merchant_id')
  @ApiRoute({
    id: 'deleteMerchant',
    scope: 'write',
    summary: 'Remove the config of a merchant, or ask what that would do',
    description:
      'Calls of the merchant then take the default chain. Its versions are kept, so that a rollback brings it back. With ' +
      '`dry_run=true` nothing is changed: the answer has the chain before and after.',
    query: DryRunQuery,
    answer: { anyOf: [MerchantRemoved, MerchantDryRun] },
    answerText: 'The config is removed; for a dry run, what would change.',
    errors: ['INVALID_FIELD', 'MERCHANT_NOT_FOUND', 'VERSION_CONFLICT', ...STORE_ERRORS],
    fieldError: MERCHANT_ID_RULE,
    conditional: 'write',
  })
  async remove(
    @Param(new FieldsPipe(MerchantPath)) { merchant_id }: MerchantPath,
    @Query(new FieldsPipe(DryRunQuery)) query: DryRunQuery,
    @Req() request: FastifyRequest,
  ): Promise<MerchantRemoved | MerchantDryRun> {
    refuseFields(request.body);
    const outcome = await this.merchants.remove(merchant_id, changeOptions(request, query));
    return changedMerchant(request, outcome, () => ({ success: true, merchant_id }));
  }
}

function changeOptions(request: FastifyRequest, { dry_run }: DryRunQuery): MerchantChangeOptions {
  return { by: changeAuthorOf(request), dryRun: dry_run === 'true', ...preconditionOf(request) };
}
