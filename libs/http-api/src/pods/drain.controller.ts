import { Controller, Post, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { PodDrainer } from '@smart-router/allocator';
import { annotate, ApiError, compileValidator, parseJsonObject } from '@smart-router/http';
import type { FastifyRequest } from 'fastify';
import { ApiRoute, BODY_ERRORS, STORE_ERRORS } from '../openapi/api-route';
import { DrainRequest, DrainResponse } from './drain.dto';

const checkRequest = compileValidator(DrainRequest, { strict: true });

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
      'No call lands on the pod once this is answered; its live calls go on. The drain ends by itself after ' +
      'DRAINING_TTL; repeating the request starts that time anew.',
    answer: DrainResponse,
    answerText: 'The pod drains.',
    errors: [...BODY_ERRORS, 'POD_NOT_FOUND', ...STORE_ERRORS],
    fieldError: 'pod_name is required',
  })
  async drain(@Req() request: FastifyRequest): Promise<DrainResponse> {
    const podName = podNameOf(request);
    const outcome = await this.drainer.drain(podName);
    if (outcome.kind === 'unknown-pod') throw new ApiError('POD_NOT_FOUND');
    const message = outcome.activeCalls === 0 ? 'pod drained' : `pod draining, live calls: ${outcome.activeCalls}`;
    return drainBody(podName, outcome.activeCalls, message);
  }

  @Post('undrain')
  @ApiBody({ type: DrainRequest })
  @ApiRoute({
    id: 'undrainPod',
    scope: 'write',
    summary: 'Take a drain back',
    description:
      'The pod is offered again with the load that it really has. A pod that does not drain stays as it is. One that ' +
      'Kubernetes is ending takes no call any more: that is a 409, and its drain goes on.',
    answer: DrainResponse,
    answerText: 'The pod takes calls again.',
    errors: [...BODY_ERRORS, 'POD_NOT_FOUND', 'POD_TERMINATING', ...STORE_ERRORS],
    fieldError: 'pod_name is required',
  })
  async undrain(@Req() request: FastifyRequest): Promise<DrainResponse> {
    const podName = podNameOf(request);
    const outcome = await this.drainer.undrain(podName);
    if (outcome.kind === 'unknown-pod') throw new ApiError('POD_NOT_FOUND');
    if (outcome.kind === 'terminating') throw new ApiError('POD_TERMINATING');
    return drainBody(podName, outcome.activeCalls, 'pod undrained');
  }
}

function podNameOf(request: FastifyRequest): string {
  const { pod_name } = checkRequest(parseJsonObject(request.body));
  annotate(request, { pod_name });
  return pod_name;
}

function drainBody(podName: string, activeCalls: number, message: string): DrainResponse {
  return { success: true, pod_name: podName, has_active_call: activeCalls > 0, message };
}
