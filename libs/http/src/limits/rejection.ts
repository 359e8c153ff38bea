import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import { annotate } from '../access-log';
import type { ApiError } from '../errors/api-error';

/**
 * What becomes of a request that is one too many. `never`: it is served all the same, as whatever ends a call has to
 * be, or its pod would stay taken. `by-handler`: the handler finds the reason in `request.rejection` and answers in
 * its own words.
 */
export type RejectionMode = 'never' | 'by-handler';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Declared with Nest's `@RouteConfig({ reject })`; left out: the request is answered with the error. */
    reject?: RejectionMode;
  }

  interface FastifyRequest {
    /** Why this request must not be served, for handlers that say so themselves. */
    rejection: ApiError | null;
  }
}

interface Route {
  readonly url: string;
  readonly config?: FastifyContextConfig;
}

/** Whether requests to this route are never rejected. */
export function isExempt({ url, config }: Route, isProbe: (pattern: string) => boolean): boolean {
  return config?.reject === 'never' || isProbe(url);
}

/** @throws the error, unless the handler answers with it */
export function reject(request: FastifyRequest, error: ApiError): void {
  if (request.routeOptions.config.reject !== 'by-handler') throw error;
  request.rejection = error;
  annotate(request, { error_code: error.code });
}
