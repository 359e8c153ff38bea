import { Controller, Inject, Post, Req } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { ApiError, refuseFields } from '@smart-router/http';
import type { RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE } from '@smart-router/routing-store/nest';
import type { FastifyRequest } from 'fastify';
import { ApiRoute, STORE_ERRORS } from '../openapi/api-route';

class ReconcileResponse {
  @ApiProperty({ example: true, description: 'Always true: the leader was asked. It answers by doing.' })
  success!: boolean;

  @ApiProperty({ example: 'smart-router-0', description: 'Who leads.' })
  leader!: string;
}

@ApiTags('fleet')
@Controller()
export class ReconcileController {
  constructor(@Inject(ROUTING_STORE) private readonly store: Pick<RoutingStore, 'reader' | 'hints'>) {}

  @Post('reconcile')
  @ApiRoute({
    id: 'reconcile',
    scope: 'write',
    summary: 'Ask the leader to compare pods and pools now',
    description: 'The leader does so at intervals anyway. It is asked, not waited for. Needs no body.',
    answer: ReconcileResponse,
    answerText: 'The leader was asked.',
    errors: ['NO_LEADER', ...STORE_ERRORS],
  })
  async reconcile(@Req() request: FastifyRequest): Promise<ReconcileResponse> {
    refuseFields(request.body);
    const { leader } = await this.store.reader.fleetStats();
    if (leader === null) throw new ApiError('NO_LEADER');
    await this.store.hints.publish('reconcile-requested');
    return { success: true, leader: leader.identity };
  }
}
