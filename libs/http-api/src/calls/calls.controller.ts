import { Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallReleaser } from '@smart-router/allocator';
import { ApiError, FieldsPipe } from '@smart-router/http';
import { IDENTIFIER_RULE, isoTime, type RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE } from '@smart-router/routing-store/nest';
import { CallListQuery } from '../inputs/list-queries.dto';
import { listPage } from '../inputs/list-page.dto';
import { pageRequest } from '../inputs/page-query.dto';
import { CallPath } from '../inputs/path-params.dto';
import { ApiRoute, STORE_ERRORS } from '../openapi/api-route';
import { callDetail, callSummary } from './call-body';
import { CallDetail, CallList, HeartbeatResponse } from './call.dto';
import { EndedCallDetail, RefusedCallDetail } from './past-call.dto';

type AnyCallDetail = CallDetail | EndedCallDetail | RefusedCallDetail;

const CALL_SID_RULE = `call_sid must be ${IDENTIFIER_RULE}`;

@ApiTags('calls')
@Controller('calls')
export class CallsController {
  constructor(
    @Inject(ROUTING_STORE) private readonly store: Pick<RoutingStore, 'kind' | 'reader'>,
    private readonly releaser: CallReleaser,
  ) {}

  @Get()
  @ApiRoute({
    id: 'listCalls',
    scope: 'read',
    summary: 'List live calls',
    description:
      'In pages, by the end of the lease; calls that are over are in no list. A call whose lease is renewed meanwhile may be met twice, never missed.',
    answer: CallList,
    query: CallListQuery,
    answerText: 'One page.',
    errors: ['INVALID_FIELD', ...STORE_ERRORS],
    fieldError: 'limit must be a whole number from 1 to 500',
  })
  async list(@Query(new FieldsPipe(CallListQuery)) query: CallListQuery): Promise<CallList> {
    const filter = { pool: query.pool ?? query.tier, merchantId: query.merchant_id ?? query.merchant };
    const page = await this.store.reader.calls(pageRequest('calls', query, this.store.kind), filter);
    const items = page.items.map(callSummary);
    return { items, calls: items, ...listPage('calls', page.cursor) };
  }

  @Get(':call_sid')
  @ApiRoute({
    id: 'getCall',
    scope: 'read',
    summary: 'Show a call and the decision behind its pod',
    description:
      'A live call, and for ten minutes one that has ended or was refused: `status` says which. `chain` names the pools ' +
      'that were tried, in order, and why each was skipped. Of more than 12,000 ended and 3,000 refused calls a minute ' +
      'the rest is not remembered.',
    answer: { anyOf: [CallDetail, EndedCallDetail, RefusedCallDetail] },
    answerText: 'The call.',
    errors: ['INVALID_FIELD', 'CALL_NOT_FOUND', ...STORE_ERRORS],
    fieldError: CALL_SID_RULE,
  })
  async get(@Param(new FieldsPipe(CallPath)) { call_sid }: CallPath): Promise<AnyCallDetail> {
    const found = await this.store.reader.findCall(call_sid);
    if (found === null) throw new ApiError('CALL_NOT_FOUND');
    return callDetail(found);
  }

  @Post(':call_sid/heartbeat')
  @ApiRoute({
    id: 'heartbeatCall',
    scope: 'write',
    summary: 'Extend the lease of a long call',
    description: 'The lease then lasts a full lease time from now. Needs no body.',
    answer: HeartbeatResponse,
    answerText: 'The lease is extended.',
    errors: ['INVALID_FIELD', 'CALL_NOT_FOUND', ...STORE_ERRORS],
    fieldError: CALL_SID_RULE,
  })
  async heartbeat(@Param(new FieldsPipe(CallPath)) { call_sid }: CallPath): Promise<HeartbeatResponse> {
    const outcome = await this.releaser.heartbeat(call_sid);
    if (outcome.kind === 'unknown-call') throw new ApiError('CALL_NOT_FOUND');
    return { success: true, call_sid, pod_name: outcome.podName, expires_at: isoTime(outcome.expiresAt) };
  }
}
