import type { LogFields, Logger } from '@smart-router/logging';
import { IDENTIFIER } from '@smart-router/settings';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientAddressOf } from './client-address';
import { loggablePath } from './loggable-path';

declare module 'fastify' {
  interface FastifyRequest {
    /** Facts that handlers add to the request's line; see `annotate`. */
    logFields: Record<string, unknown> | null;
    /** See `raiseLevel`. */
    isLoggedAsWarning: boolean;
  }
}

/** Adds facts to the one line that is logged for this request: `annotate(request, { call_sid, pod_name })`. */
export function annotate(request: FastifyRequest, fields: LogFields): void {
  request.logFields = Object.assign(request.logFields ?? {}, fields);
}

/**
 * Logs this request as a warning whatever its status, as for a webhook that is answered with 200 although its call gets
 * no pod.
 */
export function raiseLevel(request: FastifyRequest): void {
  request.isLoggedAsWarning = true;
}

/** Parameters of paths that name what a request is about; what is no identifier is refused, and may be anything. */
const SUBJECTS = ['call_sid', 'merchant_id', 'pod_name', 'version'];

/** What is asked for all the time by machines, and of interest only where something is wrong. */
export const PROBES = /^(\/api\/v1)?\/(health|ready|metrics)(\/|$)/;

/** What is known of a route once for all its requests. */
interface RouteTraits {
  readonly isProbe: boolean;
  readonly subjects: readonly string[];
}

/**
 * Writes one line per answered request. A warning says that somebody should look: a failure of ours, no capacity, a
 * refused signature. What a client does wrong is of interest to the client.
 */
export class AccessLog {
  private readonly routes = new Map<string, RouteTraits>();

  constructor(private readonly logger: Logger) {}

  write(request: FastifyRequest, reply: FastifyReply, route: string): void {
    const { isProbe, subjects } = this.traitsOf(route);
    const fields = {
      request_id: request.id,
      method: request.method,
      route,
      path: request.is404 ? loggablePath(request.url) : undefined,
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 100) / 100,
      client_address: clientAddressOf(request),
      ...(subjects.length > 0 && subjectsOf(request, subjects)),
      ...request.logFields,
    };
    if (isProbe) this.logger.debug(fields, 'request');
    else if (reply.statusCode >= 500 || request.isLoggedAsWarning) this.logger.warn(fields, 'request');
    else this.logger.info(fields, 'request');
  }

  private traitsOf(route: string): RouteTraits {
    const known = this.routes.get(route);
    if (known !== undefined) return known;
    const subjects = SUBJECTS.filter((name) => route.split('/').includes(`:${name}`));
    const traits = { isProbe: PROBES.test(route), subjects };
    this.routes.set(route, traits);
    return traits;
  }
}

function subjectsOf({ params }: FastifyRequest, names: readonly string[]): Record<string, unknown> {
  const values = params as Readonly<Record<string, string>>;
  return Object.fromEntries(
    names.filter((name) => IDENTIFIER.test(values[name] ?? '')).map((name) => [name, values[name]]),
  );
}
