import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiError, FieldsPipe } from '@smart-router/http';
import { IDENTIFIER_RULE, type RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE } from '@smart-router/routing-store/nest';
import { PodListQuery } from '../inputs/list-queries.dto';
import { listPage } from '../inputs/list-page.dto';
import { pageRequest } from '../inputs/page-query.dto';
import { PodPath } from '../inputs/path-params.dto';
import { ApiRoute, STORE_ERRORS } from '../openapi/api-route';
import { podDetail } from './pod-body';
import { PodDetail, PodList } from './pod.dto';

@ApiTags('pods')
@Controller()
export class PodsController {
  constructor(@Inject(ROUTING_STORE) private readonly store: Pick<RoutingStore, 'kind' | 'reader'>) {}

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
    const filter = { pool: query.pool ?? query.tier, status: query.status };
    const page = await this.store.reader.pods(pageRequest('pods', query, this.store.kind), filter);
    const items = page.items.map(podDetail);
    return { items, pods: items, ...listPage('pods', page.cursor) };
  }

  @Get('pods/:pod_name')
  @ApiRoute({
    id: 'getPodOfList',
    scope: 'read',
    summary: 'Show a pod, under the name of its list',
    description: 'The same as `GET /pod/{pod_name}`.',
    answer: PodDetail,
    answerText: 'The pod.',
    errors: ['INVALID_FIELD', 'POD_NOT_FOUND', ...STORE_ERRORS],
    fieldError: `pod_name must be ${IDENTIFIER_RULE}`,
  })
  getOfList(@Param(new FieldsPipe(PodPath)) path: PodPath): Promise<PodDetail> {
    return this.get(path);
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
    fieldError: `pod_name must be ${IDENTIFIER_RULE}`,
  })
  async get(@Param(new FieldsPipe(PodPath)) { pod_name }: PodPath): Promise<PodDetail> {
    const pod = await this.store.reader.pod(pod_name);
    if (pod === null) throw new ApiError('POD_NOT_FOUND');
    return podDetail(pod);
  }
}
