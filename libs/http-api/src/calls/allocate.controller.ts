import { Controller, Post, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { type Allocation, CallAllocator, type RefusedCall } from '@smart-router/allocator';
import { annotate, ApiError, compileValidator, parseJsonObject } from '@smart-router/http';
import { chainText } from '@smart-router/routing-store';
import type { FastifyRequest } from 'fastify';
import { poolOf } from '../inputs/pool-field';
import { ApiRoute, BODY_ERRORS, STORE_ERRORS } from '../openapi/api-route';
import { AllocateRequest, AllocateResponse } from './allocate.dto';
import { chainBody } from './call-body';

const checkRequest = compileValidator(AllocateRequest);

@ApiTags('calls')
@Controller()
export class AllocateController {
  constructor(private readonly allocator: CallAllocator) {}

  @Post('allocate')
  @ApiBody({ type: AllocateRequest })
  @ApiRoute({
    id: 'allocateCall',
    hot: true,
    scope: 'write',
    summary: 'Give a call a pod',
    description:
      'Takes a pod from the first pool of the chain that has one. Idempotent: the same call gets the same pod while ' +
      'it lives, with `was_existing: true`, however often and wherever it is asked for. Fields not listed are ignored. ' +
      'Where no pool has a pod the answer says in `chain` which were tried and why each gave none.',
    answer: AllocateResponse,
    answerText: 'The call has a pod.',
    errors: [...BODY_ERRORS, 'CALL_ENDED', 'NO_PODS_AVAILABLE', ...STORE_ERRORS],
    fieldError: 'call_sid is required',
    errorDetails: { NO_PODS_AVAILABLE: { reason: 'full', chain: [{ pool: 'standard', outcome: 'full' }] } },
  })
  async allocate(@Req() request: FastifyRequest): Promise<AllocateResponse> {
    const { call_sid, merchant_id, provider, flow, template } = checkRequest(parseJsonObject(request.body));
    const merchantId = merchant_id ?? '';
    annotate(request, { call_sid, merchant_id: merchantId });
    const allocation = await this.allocator.allocate({
      callSid: call_sid,
      merchantId,
      provider: provider || undefined,
      flow: flow || undefined,
      template: template || undefined,
    });
    if (allocation.kind === 'no-capacity') throw refused(request, allocation, provider || undefined);
    return allocateBody(request, allocation);
  }
}

function refused(request: FastifyRequest, { reason, attempts }: RefusedCall, provider: string | undefined): ApiError {
  annotate(request, { ...(provider !== undefined && { provider }), reason, chain: chainText(attempts) });
  return new ApiError('NO_PODS_AVAILABLE', { details: { reason, chain: chainBody(attempts) } });
}

function allocateBody(
  request: FastifyRequest,
  allocation: Exclude<Allocation, { kind: 'no-capacity' }>,
): AllocateResponse {
  if (allocation.kind === 'call-ended') throw new ApiError('CALL_ENDED');
  const { podName, wsUrl, sourcePool, wasExisting, allocatedAt } = allocation;
  annotate(request, { pod_name: podName, pool: sourcePool });
  return {
    success: true,
    pod_name: podName,
    ws_url: wsUrl,
    source_pool: sourcePool,
    pool: poolOf(sourcePool),
    was_existing: wasExisting,
    allocated_at: allocatedAt,
  };
}
