import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../errors/api-error';
import { EventLoopLag } from './event-loop-lag';
import { shedRequests } from '../http-metrics';
import { isExempt, reject } from './rejection';

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
