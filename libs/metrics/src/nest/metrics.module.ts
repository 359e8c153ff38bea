import { Controller, Module } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { PrometheusController, PrometheusModule } from '@willsoto/nestjs-prometheus';
import { collectProcessMetrics } from '../registry';

/** `/metrics`; the path is set by `PrometheusModule`. */
@ApiExcludeController()
@Controller()
class RootMetricsController extends PrometheusController {}

/** The same under the prefix of the API. */
@Controller('api/v1/metrics')
class PrefixedMetricsController extends PrometheusController {}

/**
 * `/metrics` and `/api/v1/metrics` on the main port, from the one registry. The process's own metrics are collected
 * when the module is built, once, however often that happens in one process.
 */
@Module({
  imports: [PrometheusModule.register({ controller: RootMetricsController, defaultMetrics: { enabled: false } })],
  controllers: [PrefixedMetricsController],
})
export class MetricsModule {
  constructor() {
    collectProcessMetrics();
  }
}
