import { Controller, Get, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiExcludeController, ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, HealthIndicatorService, type HealthCheckResult } from '@nestjs/terminus';
import { ApiError } from '@smart-router/http';
import type { FastifyReply } from 'fastify';
import { API_PREFIX } from '../api-prefix';
import { DrainState } from './drain-state';
import { ApiProbe, PROBE_DOCS } from './health-docs';
import { ReadinessChecks } from './readiness-checks';
import { failureCode, type StartupReport } from '@smart-router/startup';
import { StartupManager } from '@smart-router/startup/nest';
import { systemClock, withTimeout } from '@smart-router/scheduling';

/** A probe is answered within this time, whatever hangs behind it. */
const CHECK_TIMEOUT_MS = 1000;

/** Readiness, and details for operators, under the API's prefix. */
@ApiTags('health')
@Controller(API_PREFIX)
export class HealthController {
  constructor(
    private readonly drain: DrainState,
    private readonly readiness: ReadinessChecks,
    private readonly startup: StartupManager,
    private readonly terminus: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
  ) {}

  @Get('ready')
  @ApiProbe(PROBE_DOCS.ready)
  async ready(): Promise<{ status: 'ready' }> {
    if (this.drain.isDraining) throw new ApiError('SHUTTING_DOWN');
    await Promise.all(this.readiness.entries().map(([name, check]) => mustBeReady(name, check)));
    return { status: 'ready' };
  }

  @Get('health/startup')
  @ApiProbe(PROBE_DOCS.startup)
  startupReport(): StartupReport {
    return this.startup.report();
  }

  @Get('health/details')
  @HealthCheck({ swaggerDocumentation: false })
  @ApiProbe(PROBE_DOCS.details)
  async details(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthCheckResult> {
    try {
      return await this.terminus.check(
        [...this.readiness.entries(), ...this.readiness.detailEntries()].map(
          ([name, check]) =>
            () =>
              this.indicate(name, check),
        ),
      );
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      // The details are the answer; the status alone says that something is down.
      reply.status(503);
      return error.getResponse() as HealthCheckResult;
    }
  }

  private async indicate(name: string, check: () => Promise<unknown>) {
    const indicator = this.indicators.check(name);
    try {
      const facts = await inTime(name, check);
      return indicator.up(isFacts(facts) ? facts : {});
    } catch (error) {
      return indicator.down({ code: failureCode(error), ...factsOf(error) });
    }
  }
}

/** The same at the root, where probes expect it. */
@ApiExcludeController()
@Controller('/')
export class RootHealthController extends HealthController {}

function isFacts(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function inTime(name: string, check: () => Promise<unknown>): Promise<unknown> {
  return withTimeout(check, { ms: CHECK_TIMEOUT_MS, clock: systemClock, name });
}

/** What a failed check may say of itself to everybody. */
function factsOf(error: unknown): { readonly since?: string; readonly reason?: string } {
  const { facts } = error as { facts?: unknown };
  return isFacts(facts) ? facts : {};
}

/** A store that cannot be reached keeps its own code; the client learns of any other check by its name. */
async function mustBeReady(name: string, check: () => Promise<unknown>): Promise<void> {
  try {
    await inTime(name, check);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'STORE_UNAVAILABLE') {
      const { since, reason } = factsOf(error);
      const text = `store unavailable${since === undefined ? '' : ` since ${since}`}${reason === undefined ? '' : ` (${reason})`}`;
      throw notReady('STORE_UNAVAILABLE', text, (error as Error).cause);
    }
    // The one other reason that an operator must know at once.
    const reason = (error as { code?: unknown }).code === 'WRONG_STORE' ? ' (WRONG_STORE)' : '';
    throw notReady('NOT_READY', `not ready: ${name}${reason}`, error);
  }
}

/** Readiness has one status, whatever the reason: probes and load balancers read nothing else. */
function notReady(code: 'STORE_UNAVAILABLE' | 'NOT_READY', text: string, cause: unknown): ApiError {
  return new ApiError(code, { status: 503, text, cause });
}
