import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import { annotate } from '../access-log';
import type { ApiError } from '../errors/api-error';

/**
 * What becomes of a request that is one too many. `never`: it is served all the same, as whatever ends a call has to
 * be, or its pod would stay taken. `by-handler`: the handler finds the reason in `request.turnedAway` and answers in
 * its own words.
 */
export type TurnAway = 'never' | 'by-handler';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Declared with Nest's `@RouteConfig({ turnAway })`; left out: the request is answered with the error. */
    turnAway?: TurnAway;
  }

  interface FastifyRequest {
    /** Why this request must not be served, for handlers that say so themselves. */
    turnedAway: ApiError | null;
  }
}

interface Route {
  readonly url: string;
  readonly config?: FastifyContextConfig;
}

/** Whether requests to this route are never turned away. */
export function isServedAnyway({ url, config }: Route, isProbe: (pattern: string) => boolean): boolean {
  return config?.turnAway === 'never' || isProbe(url);
}

/** @throws the error, unless the handler answers with it */
export function turnAway(request: FastifyRequest, error: ApiError): void {
  if (request.routeOptions.config.turnAway !== 'by-handler') throw error;
  request.turnedAway = error;
  annotate(request, { error_code: error.code });
}
