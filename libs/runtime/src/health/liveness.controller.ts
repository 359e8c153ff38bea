import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController, ApiTags } from '@nestjs/swagger';
import { ApiError } from '@smart-router/http';
import { API_PREFIX } from '../api-prefix';
import { ApiProbe, PROBE_DOCS } from './health-docs';
import { Liveness } from './liveness';

/** Liveness, under the API's prefix. */
@ApiTags('health')
@Controller(API_PREFIX)
export class LivenessController {
  constructor(private readonly liveness: Liveness) {}

  /** Liveness: depends on nothing, so that an outage restarts nobody, unless an operator has set a bound for it. */
  @Get('health')
  @ApiProbe(PROBE_DOCS.health)
  health(): { status: 'ok' } {
    if (this.liveness.isLost) throw new ApiError('STORE_LOST');
    return { status: 'ok' };
  }
}

/** The same at the root, where probes expect it. */
@ApiExcludeController()
@Controller('/')
export class RootLivenessController extends LivenessController {}
