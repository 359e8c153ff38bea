import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { ApiError } from '../errors/api-error';

/** Far more than clients that pipeline send ahead; proxies and browsers send one at a time. */
const MAX_IN_FLIGHT = 32;

/** A kept connection is given up after so many requests, so that load spreads over new replicas. */
const MAX_SERVED = 1000;

interface Connection {
  inFlight: number;
  served: number;
  /** An answer that is sent, or will be, ends the connection: whoever sends more gets no answer to it. */
  isClosing: boolean;
}

const CONNECTION = Symbol('connection');

type CountedSocket = Socket & { [CONNECTION]?: Connection };

/**
 * Bounds the requests of one connection: those that are answered at the same time, since one client that sends a thousand
 * ahead takes the event loop for all of them before anybody else is served, and those in all. The limit of Node for the
 * latter answers a client that continues with a bare 503, which reads as an outage; here the last answer ends the connection.
 */
export class RequestsPerConnection {
  /** @returns what the request is answered with where it is one too many; the connection ends with that answer */
  begin({ raw }: FastifyRequest, reply: FastifyReply): ApiError | undefined {
    const connection = this.of(raw.socket);
    connection.inFlight += 1;
    connection.served += 1;
    const isTooMuch = connection.isClosing || connection.inFlight > MAX_IN_FLIGHT;
    if (isTooMuch || connection.served >= MAX_SERVED) {
      connection.isClosing = true;
      reply.header('connection', 'close');
    }
    if (!isTooMuch) return undefined;
    return new ApiError('RATE_LIMITED', { text: `too many requests: ${MAX_IN_FLIGHT} at once on a connection` });
  }

  end({ raw }: FastifyRequest): void {
    this.of(raw.socket).inFlight -= 1;
  }

  private of(socket: CountedSocket): Connection {
    return (socket[CONNECTION] ??= { inFlight: 0, served: 0, isClosing: false });
  }
}
