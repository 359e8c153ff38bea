import { Controller, Delete, Get, Inject, Param, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { ApiError, FieldsPipe, parseJsonObject, refuseFields } from '@smart-router/http';
import type { RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE } from '@smart-router/routing-store/nest';
import { describeProblems, MerchantConfigs } from '@smart-router/tier-config';
import type { FastifyRequest } from 'fastify';
import { listPage } from '../inputs/list-page.dto';
import { PageQuery, pageRequest } from '../inputs/page-query.dto';
import { MerchantPath } from '../inputs/path-params.dto';
import { ApiRoute, BODY_ERRORS, STORE_ERRORS } from '../openapi/api-route';
import { merchantBody } from './merchant-body';
import { MerchantBody, MerchantConfigChange, MerchantList, MerchantRemoved } from './merchant.dto';

const MERCHANT_ID_RULE = 'merchant_id must be 1 to 128 characters of A-Z a-z 0-9 . _ : ~ -, not . or ..';

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

  @Get(':merchant_id')
  @ApiRoute({
    id: 'getMerchant',
    scope: 'read',
    summary: 'Show the config of a merchant',
    description: 'What is stored, and the pools that calls of the merchant try now because of it.',
    answer: MerchantBody,
    answerText: 'The merchant.',
    errors: ['INVALID_FIELD', 'MERCHANT_NOT_FOUND', ...STORE_ERRORS],
    fieldError: MERCHANT_ID_RULE,
  })
  async get(@Param(new FieldsPipe(MerchantPath)) { merchant_id }: MerchantPath): Promise<MerchantBody> {
    const merchant = await this.merchants.get(merchant_id);
    if (merchant === null) throw new ApiError('MERCHANT_NOT_FOUND');
    return merchantBody(merchant);
  }

  @Put(':merchant_id')
  @ApiBody({ type: MerchantConfigChange })
  @ApiRoute({
    id: 'putMerchant',
    scope: 'write',
    summary: 'Store the config of a merchant',
    description:
      'Takes the place of all that was stored for the merchant. Every tier and pool that it names must exist, and a field that ' +
      'is not known is refused. It counts from the next allocation on, on every replica.',
    answer: MerchantBody,
    answerText: 'The config is stored.',
    errors: [...BODY_ERRORS, 'INVALID_MERCHANT_CONFIG', ...STORE_ERRORS],
    fieldError: MERCHANT_ID_RULE,
  })
  async put(
    @Param(new FieldsPipe(MerchantPath)) { merchant_id }: MerchantPath,
    @Req() request: FastifyRequest,
  ): Promise<MerchantBody> {
    const outcome = await this.merchants.put(merchant_id, parseJsonObject(request.body));
    if (outcome.kind === 'stored') return merchantBody(outcome.merchant);
    const text = `invalid merchant config: ${describeProblems(outcome.problems)}`;
    throw new ApiError('INVALID_MERCHANT_CONFIG', { text });
  }

  @Delete(':merchant_id')
  @ApiRoute({
    id: 'deleteMerchant',
    scope: 'write',
    summary: 'Remove the config of a merchant',
    description: 'Calls of the merchant then take the default chain.',
    answer: MerchantRemoved,
    answerText: 'The config is removed.',
    errors: ['INVALID_FIELD', 'MERCHANT_NOT_FOUND', ...STORE_ERRORS],
    fieldError: MERCHANT_ID_RULE,
  })
  async remove(
    @Param(new FieldsPipe(MerchantPath)) { merchant_id }: MerchantPath,
    @Req() request: FastifyRequest,
  ): Promise<MerchantRemoved> {
    refuseFields(request.body);
    if (!(await this.merchants.remove(merchant_id))) throw new ApiError('MERCHANT_NOT_FOUND');
    return { success: true, merchant_id };
  }
}
