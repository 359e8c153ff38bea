import underPressure from '@fastify/under-pressure';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../errors/api-error';
import { shedRequests } from './limit-metrics';
import { isServedAnyway, turnAway } from './turn-away';

/** How often the lag of the event loop is taken, as the mean since the last time. */
const SAMPLE_INTERVAL_MS = 500;

/** The start keeps the loop busy, too, which says nothing about the load: the samples that saw it do not count. */
const GRACE_MS = 2 * SAMPLE_INTERVAL_MS;

/**
 * Turns requests away while the event loop lags behind by more than this on average: what would be served too late
 * anyway must not delay the rest. A single long pause that is over sheds nothing.
 *
 * @param maxLagMs 0: never
 */
export async function installLoadShedding(
  instance: FastifyInstance,
  maxLagMs: number,
  isOpenRoute: (pattern: string) => boolean,
): Promise<void> {
  if (maxLagMs === 0) return;
  let readyAt = Infinity;
  instance.addHook('onReady', (done) => {
    readyAt = performance.now();
    done();
  });
  const shed = async (request: FastifyRequest): Promise<void> => {
    const { url, config } = request.routeOptions;
    if (url === undefined || isServedAnyway({ url, config }, isOpenRoute)) return;
    if (performance.now() < readyAt + GRACE_MS) return;
    shedRequests.inc({ kind: config.turnAway === 'by-handler' ? 'webhook' : 'api' });
    turnAway(request, new ApiError('OVERLOADED'));
  };
  await instance.register(underPressure, {
    maxEventLoopDelay: maxLagMs,
    sampleInterval: SAMPLE_INTERVAL_MS,
    pressureHandler: shed,
  });
}
