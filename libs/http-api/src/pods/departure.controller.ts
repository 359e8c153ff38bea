import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DrainWaiter } from '@smart-router/allocator';
import { ApiError, FieldsPipe } from '@smart-router/http';
import { DrainState } from '@smart-router/runtime';
import type { FastifyReply } from 'fastify';
import { PodPath } from '../inputs/path-params.dto';
import { ApiRoute } from '../openapi/api-route';
import { DepartureQuery, DepartureResponse } from './departure.dto';

/** Whoever asks again soon finds a place that became free. */
const TOO_MANY_WAITERS = {
  text: 'too many requests: too many wait for pods at this process already',
  headers: { 'retry-after': '5' },
};

@ApiTags('pods')
@Controller()
export class DepartureController {
  constructor(
    private readonly departure: DrainWaiter,
    private readonly drainState: DrainState,
  ) {}

  @Get('pod/:pod_name/drained')
  @ApiRoute({
    id: 'podDrained',
    scope: 'read',
    summary: 'Ask whether a pod may end',
    description:
      'A pod may end once it drains and its calls have ended. With `wait` the answer is held back until then, or until ' +
      'the time is over. For a hook that keeps a pod alive as long as it has calls: whatever is not a 200 with ' +
      '`drained` true means that the pod is busy. A process lets 1000 wait at a time; the next one gets a 429.',
    answer: DepartureResponse,
    query: DepartureQuery,
    answerText: 'How it stands at the end of the wait.',
    errors: ['INVALID_FIELD', 'POD_NOT_FOUND', 'STORE_UNAVAILABLE', 'WRONG_STORE', 'STORE_DAMAGED'],
    fieldError: 'wait must be a duration of whole seconds up to 60s, such as 30s',
    ownDeadline: true,
  })
  async drained(
    @Param(new FieldsPipe(PodPath)) { pod_name }: PodPath,
    @Query(new FieldsPipe(DepartureQuery)) { wait = '0s' }: DepartureQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DepartureResponse> {
    const signal = AbortSignal.any([this.drainState.signal, hungUp(reply)]);
    const departure = await this.departure.whenDrained(pod_name, Number.parseInt(wait, 10) * 1000, signal);
    if (departure.kind === 'unknown-pod') throw new ApiError('POD_NOT_FOUND');
    if (departure.kind === 'too-many-waiters') throw new ApiError('RATE_LIMITED', TOO_MANY_WAITERS);
    if (departure.kind === 'drained') return { pod_name, drained: true, is_draining: true, active_calls: 0 };
    return { pod_name, drained: false, is_draining: departure.isDraining, active_calls: departure.activeCalls };
  }
}

/** Nobody waits for the answer any more. */
function hungUp({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  // Of the response, not of the socket: a connection that is kept would collect a listener with each request.
  raw.once('close', () => gone.abort());
  return gone.signal;
}
