import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../errors/api-error';
import { shedRequests } from '../http-metrics';
import { isExempt, reject } from './rejection';

/** How often Node looks at the loop; what it finds counts from here. */
const RESOLUTION_MS = 10;
const SAMPLE_MS = 500;

/**
 * Rejects requests while the event loop lags behind by more than this on average: what would be served too late
 * anyway must not delay the rest. The start sheds nothing, nor does a single pause that is over, unless it took most of
 * the time since the lag was last looked at.
 *
 * @param maxLagMs 0: never
 */
export function installLoadShedding(
  instance: FastifyInstance,
  maxLagMs: number,
  isProbe: (pattern: string) => boolean,
): void {
  if (maxLagMs === 0) return;
  const lag = new EventLoopLag();
  instance.addHook('onReady', (done) => {
    lag.start();
    done();
  });
  instance.addHook('onClose', (_instance, done) => {
    lag.stop();
    done();
  });
  instance.addHook('onRequest', (request, _reply, done) => {
    if (lag.meanMs > maxLagMs) shed(request, isProbe);
    done();
  });
}

function shed(request: FastifyRequest, isProbe: (pattern: string) => boolean): void {
  const { url, config } = request.routeOptions;
  if (url === undefined || isExempt({ url, config }, isProbe)) return;
  shedRequests.inc({ kind: config.reject === 'by-handler' ? 'webhook' : 'api' });
  reject(request, new ApiError('OVERLOADED'));
}

/**
 * By how much the event loop lagged behind on average, lately. It is read on demand: nothing runs between requests,
 * and a lag that nobody asks for costs nothing. It needs no file descriptor, so that it works when none is left.
 */
class EventLoopLag {
  private readonly delays: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private sampledAt = Infinity;
  private lagMs = 0;

  /** What the loop did before does not count. */
  start(): void {
    this.delays.enable();
    this.sampledAt = performance.now();
  }

  stop(): void {
    this.delays.disable();
  }

  /** @returns milliseconds, the mean of the last half second or of the time since it was last asked; 0 until then */
  get meanMs(): number {
    const now = performance.now();
    if (now - this.sampledAt >= SAMPLE_MS && this.delays.count > 0) {
      this.lagMs = Math.max(0, this.delays.mean / 1e6 - RESOLUTION_MS);
      this.delays.reset();
      this.sampledAt = now;
    }
    return this.lagMs;
  }
}
