import { Controller, Post, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { PodDrainer } from '@smart-router/allocator';
import { annotate, ApiError, compileValidator, parseJsonObject } from '@smart-router/http';
import type { FastifyRequest } from 'fastify';
import { changeAuthorOf } from '../audit/change-author';
import { ApiRoute, BODY_ERRORS, STORE_ERRORS } from '../openapi/api-route';
import { drainLasts, withTtlAsText } from './drain-ttl';
import { DrainRequest, DrainResponse, UndrainRequest } from './drain.dto';

const checkDrain = compileValidator(DrainRequest, { strict: true });
const checkUndrain = compileValidator(UndrainRequest, { strict: true });

@ApiTags('pods')
@Controller()
export class DrainController {
  constructor(private readonly drainer: PodDrainer) {}

  @Post('drain')
  @ApiBody({ type: DrainRequest })
  @ApiRoute({
    id: 'drainPod',
    scope: 'write',
    summary: 'Give a pod no new calls',
    description:
      'No call lands on the pod once this is answered; its live calls continue. The drain ends by itself as `ttl` says, ' +
      'and the pod takes calls again; repeating the request sets its end anew. `/pods/{pod_name}` shows when.',
    answer: DrainResponse,
    answerText: 'The pod drains.',
    errors: [...BODY_ERRORS, 'POD_NOT_FOUND', ...STORE_ERRORS],
    fieldError: 'pod_name is required',
  })
  async drain(@Req() request: FastifyRequest): Promise<DrainResponse> {
    const { pod_name: podName, ttl } = checkDrain(withTtlAsText(parseJsonObject(request.body)));
    annotate(request, { pod_name: podName, ...(ttl !== undefined && { ttl }) });
    const outcome = await this.drainer.drain(podName, changeAuthorOf(request), drainLasts(ttl));
    if (outcome.kind === 'unknown-pod') throw new ApiError('POD_NOT_FOUND');
    const message = outcome.activeCalls === 0 ? 'pod drained' : `pod draining, live calls: ${outcome.activeCalls}`;
    return drainBody(podName, outcome.activeCalls, message);
  }

  @Post('undrain')
  @ApiBody({ type: UndrainRequest })
  @ApiRoute({
    id: 'undrainPod',
    scope: 'write',
    summary: 'Take a drain back',
    description:
      'The pod is offered again with the load that it really has. A pod that does not drain stays as it is. One that ' +
      'Kubernetes is ending takes no call any more: that is a 409, and its drain continues.',
    answer: DrainResponse,
    answerText: 'The pod takes calls again.',
    errors: [...BODY_ERRORS, 'POD_NOT_FOUND', 'POD_TERMINATING', ...STORE_ERRORS],
    fieldError: 'pod_name is required',
  })
  async undrain(@Req() request: FastifyRequest): Promise<DrainResponse> {
    const { pod_name: podName } = checkUndrain(parseJsonObject(request.body));
    annotate(request, { pod_name: podName });
    const outcome = await this.drainer.undrain(podName, changeAuthorOf(request));
    if (outcome.kind === 'unknown-pod') throw new ApiError('POD_NOT_FOUND');
    if (outcome.kind === 'terminating') throw new ApiError('POD_TERMINATING');
    return drainBody(podName, outcome.activeCalls, 'pod undrained');
  }
}

function drainBody(podName: string, activeCalls: number, message: string): DrainResponse {
  return { success: true, pod_name: podName, has_active_call: activeCalls > 0, message };
}
