import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Inject, Module, Param, Post } from '@nestjs/common';
import type { Logger } from '@smart-router/logging';
import { LOGGER, LoggingModule } from '@smart-router/logging/nest';
import { HealthModule } from '../health/health.module';
import { ReadinessChecks } from '../health/readiness-checks';
import { StartupManager, StartupModule } from '@smart-router/startup/nest';
import { startApp } from '../start-app';

/** What goes wrong in this run. */
const FAULT = process.env['FIXTURE_FAULT'] ?? 'none';

@Controller('fixture')
class FixtureController {
  constructor(
    private readonly manager: StartupManager,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get('slow/:ms')
  async slow(@Param('ms') ms: string): Promise<{ slept: number }> {
    await sleep(Number(ms));
    return { slept: Number(ms) };
  }

  @Post('created')
  created(): { ok: true } {
    return { ok: true };
  }

  /** Answers at once: the server that answers is stopped meanwhile. */
  @Post('reinitialize/:component')
  reinitialize(@Param('component') component: string): { ok: true } {
    this.manager
      .reinitialize(component)
      .then(() => this.logger.info({ component }, 'started anew'))
      .catch((error: unknown) => this.logger.error({ err: error }, 'not started anew'));
    return { ok: true };
  }

  @Post('crash')
  crash(): { ok: true } {
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
    return { ok: true };
  }

  @Post('reject')
  reject(): { ok: true } {
    void Promise.reject(new Error('nobody awaits this'));
    return { ok: true };
  }
}

/** As a store that cannot be reached, or that takes long to be reached. */
async function connect(): Promise<void> {
  if (FAULT === 'no-store') throw new Error('no store within 30s');
  if (FAULT === 'slow-store') await sleep(60_000);
}

@Module({
  imports: [HealthModule, LoggingModule, StartupModule],
  controllers: [FixtureController],
})
class FixtureModule {
  constructor(readiness: ReadinessChecks, manager: StartupManager) {
    manager.register({ name: 'store', priority: 'CRITICAL', maxRetries: 0, init: connect });
    readiness.add('fixture', () => (FAULT === 'hanging-check' ? sleep(60_000) : Promise.resolve()));
  }

  async onModuleDestroy(): Promise<void> {
    if (FAULT === 'hanging-shutdown') await sleep(60_000);
  }
}

await startApp({ name: 'smart-router', module: FixtureModule });
