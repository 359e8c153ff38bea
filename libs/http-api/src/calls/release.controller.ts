import { Controller, Post, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { CallReleaser } from '@smart-router/allocator';
import { annotate, ApiError, compileValidator, parseJsonObject } from '@smart-router/http';
import type { FastifyRequest } from 'fastify';
import { ApiRoute, BODY_ERRORS, STORE_ERRORS } from '../openapi/api-route';
import { ReleaseRequest, ReleaseResponse } from './release.dto';

const checkRequest = compileValidator(ReleaseRequest);

@ApiTags('calls')
@Controller()
export class ReleaseController {
  constructor(private readonly releaser: CallReleaser) {}

  @Post('release')
  @ApiBody({ type: ReleaseRequest })
  @ApiRoute({
    id: 'releaseCall',
    hot: true,
    scope: 'write',
    // It makes room: rejected, it would leave a pod taken.
    reject: 'never',
    summary: 'End a call and offer its pod again',
    description:
      'Frees exactly the slot that this call held, in the pool where the pod belongs now. A second release is a 404 ' +
      'and changes nothing; clients may take it for success.',
    answer: ReleaseResponse,
    answerText: 'The call has ended.',
    errors: [...BODY_ERRORS, 'CALL_NOT_FOUND', ...STORE_ERRORS],
    fieldError: 'call_sid is required',
  })
  async release(@Req() request: FastifyRequest): Promise<ReleaseResponse> {
    const { call_sid } = checkRequest(parseJsonObject(request.body));
    annotate(request, { call_sid });
    const release = await this.releaser.release(call_sid);
    if (release.kind === 'unknown-call') throw new ApiError('CALL_NOT_FOUND');
    const { podName, releasedToPool, wasDraining } = release;
    annotate(request, { pod_name: podName, pool: releasedToPool });
    return { success: true, pod_name: podName, released_to_pool: releasedToPool, was_draining: wasDraining };
  }
}
