import { Controller, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { annotate, FieldsPipe, refuseFields } from '@smart-router/http';
import type { Logger } from '@smart-router/logging';
import { LOGGER } from '@smart-router/logging/nest';
import type { RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE } from '@smart-router/routing-store/nest';
import { systemClock } from '@smart-router/scheduling';
import type { Settings } from '@smart-router/settings';
import { SETTINGS } from '@smart-router/settings/nest';
import { StartupManager } from '@smart-router/startup/nest';
import type { FastifyRequest } from 'fastify';
import { changeAuthorOf } from '../audit/change-author';
import { ApiRoute } from '../openapi/api-route';
import { ComponentPath, ReinitializeResponse } from './component.dto';
import { ComponentRestarts } from './component-restarts';

@ApiTags('components')
@Controller('admin/components')
export class ComponentsController {
  private readonly restarts: ComponentRestarts;

  constructor(
    manager: StartupManager,
    @Inject(ROUTING_STORE) { changeLog }: RoutingStore,
    @Inject(SETTINGS) { leader }: Settings,
    @Inject(LOGGER) logger: Logger,
  ) {
    const parts = { manager, changes: changeLog, clock: systemClock, logger };
    this.restarts = new ComponentRestarts({ ...parts, instance: leader.identity });
  }

  @Post(':name/reinitialize')
  @ApiRoute({
    id: 'reinitializeComponent',
    scope: 'write',
    summary: 'Stop and start a component of one process',
    description:
      'Concerns only the process that answers, which `instance` names: behind a load balancer, ask the process itself. ' +
      'All that depend on the component are restarted with it. Where `http` is among them, as for `store`, the answer comes ' +
      'first, the process is not ready meanwhile, and requests in flight are answered. Needs no body.',
    answer: ReinitializeResponse,
    answerText: 'It was restarted, or is being restarted. `report` says how it is now.',
    errors: ['COMPONENT_NOT_FOUND', 'COMPONENTS_BUSY', 'SHUTTING_DOWN'],
    fieldError: 'name must be 1 to 64 characters of a-z _',
    ownDeadline: true,
  })
  async reinitialize(
    @Param(new FieldsPipe(ComponentPath)) { name }: ComponentPath,
    @Req() request: FastifyRequest,
  ): Promise<ReinitializeResponse> {
    refuseFields(request.body);
    annotate(request, { component: name });
    return this.restarts.restart(name, changeAuthorOf(request));
  }
}
