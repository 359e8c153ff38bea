import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { FleetStatusReader } from '@smart-router/fleet';
import { ApiRoute } from '../openapi/api-route';
import { statusBody } from './status-body';
import { StatusResponse } from './status.dto';

@ApiTags('fleet')
@Controller()
export class StatusController {
  constructor(private readonly fleet: FleetStatusReader) {}

  @Get('status')
  @ApiRoute({
    id: 'getStatus',
    scope: 'read',
    summary: 'Show all pools, the leader and the store',
    description: 'Its cost follows the number of pools. 200 with `"status": "down"` where the store cannot be reached.',
    answer: StatusResponse,
    answerText: 'The fleet, or that the store is down.',
    errors: ['DEADLINE_EXCEEDED'],
  })
  async status(): Promise<StatusResponse> {
    return statusBody(await this.fleet.read());
  }
}
