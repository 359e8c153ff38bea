import { Controller, Get } from '@nestjs/common';
import {
  ApiExcludeController,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { ApiError } from '@smart-router/http';
import { API_PREFIX } from '../api-prefix';
import { Liveness } from './liveness';

/** Liveness, under the API's prefix. */
@ApiTags('health')
@Controller(API_PREFIX)
export class LivenessController {
  constructor(private readonly liveness: Liveness) {}

  /** Liveness: depends on nothing, so that an outage restarts nobody, unless an operator has set a bound for it. */
  @Get('health')
  @ApiOperation({ operationId: 'health', summary: 'Whether the process lives' })
  @ApiOkResponse({ example: { status: 'ok' } })
  @ApiServiceUnavailableResponse({
    description: 'Only with `LIVENESS_STORE_TIMEOUT`: this process has had no store for longer than that',
    example: { error: 'store lost', code: 'STORE_LOST', request_id: 'b7e1f2' },
  })
  health(): { status: 'ok' } {
    if (this.liveness.isLost) throw new ApiError('STORE_LOST');
    return { status: 'ok' };
  }
}

/** The same at the root, where probes expect it. */
@ApiExcludeController()
@Controller('/')
export class RootLivenessController extends LivenessController {}
