import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './errors/api-error';
import type { ErrorCode } from './errors/error-codes';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route bounds its time itself, as it may wait for longer than others. */
    ownDeadline?: boolean;
  }
}

const SWEEPS_PER_DEADLINE = 40;

interface OpenRequest {
  readonly reply: FastifyReply;
  readonly expiresAt: number;
}

/**
 * Answers requests that are still open at their deadline with 504, whatever their handler waits for. The handler is
 * not stopped, and its late answer is dropped.
 *
 * All requests have the same time, so they run out in the order of their arrival and one sweep looks at the oldest
 * only. Fastify's `handlerTimeout` is no replacement: it leaves out paths that no route took, cannot be switched off for
 * a route, and cuts the connection of an answer that is under way, as of a file of Swagger UI on a slow line.
 */
export class RequestDeadlines {
  private readonly open = new Map<FastifyRequest, OpenRequest>();
  private sweeper: NodeJS.Timeout | undefined;

  /** @param now a clock in milliseconds that never goes back */
  constructor(
    private readonly deadlineMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  begin(request: FastifyRequest, reply: FastifyReply): void {
    this.open.set(request, { reply, expiresAt: this.now() + this.deadlineMs });
  }

  end(request: FastifyRequest): void {
    this.open.delete(request);
  }

  /** Answers every request whose time has run out. An answer that is on its way is left alone. */
  sweep(): void {
    const now = this.now();
    for (const [request, { reply, expiresAt }] of this.open) {
      if (expiresAt > now) return;
      this.open.delete(request);
      if (!reply.sent && !reply.raw.headersSent) void reply.send(new ApiError(reasonOf(request)));
    }
  }

  start(): void {
    this.sweeper = setInterval(() => this.sweep(), Math.max(1, this.deadlineMs / SWEEPS_PER_DEADLINE)).unref();
  }

  stop(): void {
    clearInterval(this.sweeper);
  }
}

/** Where the request itself has not arrived, nothing that it asks for is late. */
function reasonOf({ raw }: FastifyRequest): ErrorCode {
  return raw.complete === false ? 'REQUEST_TIMEOUT' : 'DEADLINE_EXCEEDED';
}
