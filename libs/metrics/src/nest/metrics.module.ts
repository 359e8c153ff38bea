import { Controller, type DynamicModule, Get, Module, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { PrometheusController, PrometheusModule } from '@willsoto/nestjs-prometheus';
import { MAX_AGE_MS, MetricsText } from '../metrics-text';
import { collectProcessMetrics, registry } from '../registry';

const newText = () => new MetricsText(() => registry.metrics(), MAX_AGE_MS);

/** One for all routes, as there is one registry; a module graph that is built anew shows what it has at once. */
let text = newText();

/** Everybody may ask, so that what it costs must not follow how often. */
class SharedMetricsController extends PrometheusController {
  @Get()
  override index(
    @Res({ passthrough: true }) response: { header(name: string, value: string): unknown },
  ): Promise<string> {
    response.header('Content-Type', registry.contentType);
    return text.read();
  }
}

/** `/metrics`; the path is set by `PrometheusModule`. */
@ApiExcludeController()
@Controller()
class RootMetricsController extends SharedMetricsController {}

/** The same under the prefix of the API. */
@Controller('api/v1/metrics')
class PrefixedMetricsController extends SharedMetricsController {}

/**
 * `/metrics` and `/api/v1/metrics` on the main port, from the one registry. The process's own metrics are collected
 * when the module is built, once, however often that happens in one process.
 */
@Module({})
export class MetricsModule {
  constructor() {
    collectProcessMetrics();
    text = newText();
  }

  /** @param isServed whether the main port has these routes; the metrics are collected all the same */
  static forRoot(isServed: boolean): DynamicModule {
    if (!isServed) return { module: MetricsModule };
    return {
      module: MetricsModule,
      imports: [PrometheusModule.register({ controller: RootMetricsController, defaultMetrics: { enabled: false } })],
      controllers: [PrefixedMetricsController],
    };
  }
}
