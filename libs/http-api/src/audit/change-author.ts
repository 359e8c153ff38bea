import { clientAddressOf } from '@smart-router/http';
import type { ChangeAuthor } from '@smart-router/routing-store';
import type { FastifyRequest } from 'fastify';

/** The actor where the API asks for no key. */
const OPEN = 'open';

/** What a proxy wrote as an address may be any text. */
const MAX_ADDRESS_LENGTH = 64;

/** Who asks for the change that a request makes. */
export function changeAuthorOf(request: FastifyRequest): ChangeAuthor {
  return {
    actor: request.apiKey ?? OPEN,
    requestId: request.id,
    clientAddress: clientAddressOf(request).slice(0, MAX_ADDRESS_LENGTH),
  };
}
