import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiError, FieldsPipe } from '@smart-router/http';
import type { FleetReader, RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE } from '@smart-router/routing-store/nest';
import { PodListQuery } from '../inputs/list-queries.dto';
import { encodeCursor } from '../inputs/page-cursor';
import { pageRequest } from '../inputs/page-query.dto';
import { PodPath } from '../inputs/path-params.dto';
import { ApiRoute, STORE_ERRORS } from '../openapi/api-route';
import { podDetail } from './pod-body';
import { PodDetail, PodList } from './pod.dto';

@ApiTags('pods')
@Controller()
export class PodsController {
  constructor(
    @Inject(ROUTING_STORE) private readonly fleet: Pick<FleetReader, 'pod' | 'pods'> & Pick<RoutingStore, 'kind'>,
  ) {}

  @Get('pods')
  @ApiRoute({
    id: 'listPods',
    scope: 'read',
    summary: 'List pods',
    description: 'In pages, by name.',
    answer: PodList,
    query: PodListQuery,
    answerText: 'One page.',
    errors: ['INVALID_FIELD', ...STORE_ERRORS],
    fieldError: 'limit must be a whole number from 1 to 500',
  })
  async list(@Query(new FieldsPipe(PodListQuery)) query: PodListQuery): Promise<PodList> {
    const filter = { pool: query.tier, status: query.status };
    const { items, cursor } = await this.fleet.pods(pageRequest('pods', query, this.fleet.kind), filter);
    return { pods: items.map(podDetail), next_cursor: encodeCursor('pods', cursor) };
  }

  @Get('pod/:pod_name')
  @ApiRoute({
    id: 'getPod',
    scope: 'read',
    summary: 'Show a pod',
    description: 'Where it belongs, what it does and which calls it has.',
    answer: PodDetail,
    answerText: 'The pod.',
    errors: ['INVALID_FIELD', 'POD_NOT_FOUND', ...STORE_ERRORS],
    fieldError: 'pod_name must be 1 to 128 characters of A-Z a-z 0-9 . _ : ~ -, not . or ..',
  })
  async get(@Param(new FieldsPipe(PodPath)) { pod_name }: PodPath): Promise<PodDetail> {
    const pod = await this.fleet.pod(pod_name);
    if (pod === null) throw new ApiError('POD_NOT_FOUND');
    return podDetail(pod);
  }
}
