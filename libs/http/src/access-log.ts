import type { LogFields, Logger } from '@smart-router/logging';
import type { FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Facts that handlers add to the request's line; see `annotate`. */
    logFields: Record<string, unknown> | null;
    /** Whether its line is a warning; see `warnAbout`. */
    logsWarning: boolean;
  }
}

/** Adds facts to the one line that is logged for this request: `annotate(request, { call_sid, pod_name })`. */
export function annotate(request: FastifyRequest, fields: LogFields): void {
  request.logFields = Object.assign(request.logFields ?? {}, fields);
}

/** As `annotate`, for what an operator has to know of although the request was answered as it should be. */
export function warnAbout(request: FastifyRequest, fields: LogFields): void {
  annotate(request, fields);
  request.logsWarning = true;
}

/** What is asked for all the time by machines, and of interest only where something is wrong. */
const PROBES = /^(\/api\/v1)?\/(health|ready|metrics)(\/|$)/;

/** Writes one line per answered request. */
export class AccessLog {
  private readonly probes = new Map<string, boolean>();

  constructor(private readonly logger: Logger) {}

  write(request: FastifyRequest, reply: FastifyReply, route: string): void {
    const fields = {
      request_id: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 100) / 100,
      ...request.logFields,
    };
    if (request.logsWarning) this.logger.warn(fields, 'request');
    else if (this.isProbe(route)) this.logger.debug(fields, 'request');
    else this.logger.info(fields, 'request');
  }

  private isProbe(route: string): boolean {
    const known = this.probes.get(route);
    if (known !== undefined) return known;
    const probe = PROBES.test(route);
    this.probes.set(route, probe);
    return probe;
  }
}
