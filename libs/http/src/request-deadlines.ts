import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './errors/api-error';
import type { ErrorCode } from './errors/error-codes';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route bounds its time itself, as it may wait for longer than others. */
    ownDeadline?: boolean;
  }
  interface FastifyRequest {
    /** Where it stands among those with a deadline. */
    deadlineSlot: number;
  }
}

/** Of a request that has no deadline, or has been answered. */
export const NOT_OPEN = -1;

const SWEEPS_PER_DEADLINE = 40;

interface OpenRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly expiresAt: number;
}

/**
 * Answers requests that are still open at their deadline with 504, whatever their handler waits for. The handler is
 * not stopped, and its late answer is dropped.
 *
 * Open requests have slots, and no `Map` holds them: as it grows and shrinks with every request, it leaves tables behind
 * that keep requests alive long after their end, which makes each collection of garbage longer. Fastify's
 * `handlerTimeout` is no replacement: it leaves out paths that no route took, cannot be switched off for a route, and cuts
 * the connection of an answer that is under way, as of a file of Swagger UI on a slow line.
 */
export class RequestDeadlines {
  private readonly open: (OpenRequest | undefined)[] = [];
  private readonly freeSlots: number[] = [];
  private sweeper: NodeJS.Timeout | undefined;

  /** @param now a clock in milliseconds that never goes back */
  constructor(
    private readonly deadlineMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  begin(request: FastifyRequest, reply: FastifyReply): void {
    request.deadlineSlot = this.freeSlots.pop() ?? this.open.length;
    this.open[request.deadlineSlot] = { request, reply, expiresAt: this.now() + this.deadlineMs };
  }

  /** Safe to repeat, and for a request that never began. */
  end(request: FastifyRequest): void {
    const slot = request.deadlineSlot;
    if (slot === NOT_OPEN) return;
    request.deadlineSlot = NOT_OPEN;
    this.open[slot] = undefined;
    this.freeSlots.push(slot);
  }

  /** Answers every request whose time has run out. An answer that is on its way is left alone. */
  sweep(): void {
    const now = this.now();
    for (const each of this.open) {
      if (each === undefined || each.expiresAt > now) continue;
      const { request, reply } = each;
      this.end(request);
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
