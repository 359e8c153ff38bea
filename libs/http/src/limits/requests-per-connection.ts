import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { ApiError } from '../errors/api-error';

/** Far more than clients that pipeline send ahead; proxies and browsers send one at a time. */
export const MAX_REQUESTS_PER_CONNECTION = 32;

/**
 * Bounds the requests of one connection that are answered at the same time. Without it one client that sends a thousand
 * ahead takes the event loop for all of them, before anybody else gets a turn.
 */
export class RequestsPerConnection {
  private readonly inFlight = new WeakMap<Socket, number>();

  /** @returns what the request is answered with where it is one too many; the connection ends with that answer */
  begin({ raw }: FastifyRequest, reply: FastifyReply): ApiError | undefined {
    const count = (this.inFlight.get(raw.socket) ?? 0) + 1;
    this.inFlight.set(raw.socket, count);
    if (count <= MAX_REQUESTS_PER_CONNECTION) return undefined;
    reply.header('connection', 'close');
    return new ApiError('RATE_LIMITED', {
      text: `too many requests: ${MAX_REQUESTS_PER_CONNECTION} at once on a connection`,
    });
  }

  end({ raw }: FastifyRequest): void {
    this.inFlight.set(raw.socket, (this.inFlight.get(raw.socket) ?? 1) - 1);
  }
}
