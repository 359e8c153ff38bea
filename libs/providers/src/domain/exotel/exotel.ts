import { type PublicError, publicError, retryAfter } from '@smart-router/http/errors';
import { readWebhook } from '../call-fields';
import type { Provider, ProviderAnswers, Verification, WebhookAnswer, WebhookReading } from '../provider';
import type { ProviderSettings } from '../provider-settings';
import type { WebhookRequest } from '../webhook-request';
import { readExotelBody } from './exotel-body';
import { exotelMeaning } from './exotel-meaning';
import { verifyExotelToken } from './exotel-token';

/**
 * Exotel: the Voicebot applet asks by GET or POST for the address of the stream and wants JSON; status callbacks are
 * JSON or forms. Exotel signs nothing, so requests carry a secret that is part of the registered URL.
 */
export class ExotelProvider implements Provider {
  readonly name = 'exotel';
  readonly methods = ['GET', 'POST'] as const;
  readonly hangsUpOnFailure = false;
  readonly verifies: boolean;
  readonly answers: ProviderAnswers = EXOTEL_ANSWERS;
  private readonly tokens: () => readonly string[];

  constructor(settings: ProviderSettings) {
    this.tokens = settings.exotel.webhookTokens;
    this.verifies = this.tokens().length > 0;
  }

  verify(request: WebhookRequest): Verification {
    return this.verifies ? verifyExotelToken(request, this.tokens()) : { kind: 'authentic' };
  }

  async read(request: WebhookRequest): Promise<WebhookReading> {
    const body = await readExotelBody(request);
    if (body.kind === 'invalid') {
      return body;
    }
    const field = (name: string) => [...(body.fields[name] ?? []), ...request.query.getAll(name)];
    const { pathTemplate } = request;
    return readWebhook({ callIdField: 'CallSid', said: field, asked: field, pathTemplate }, exotelMeaning);
  }
}

/** Exotel acts on a success alone, so that here a failure is shown by its status. */
const EXOTEL_ANSWERS: ProviderAnswers = {
  connect: (wsUrl) => json(200, { url: wsUrl }),
  noCapacity: (requestId) => failed(publicError('NO_PODS_AVAILABLE'), requestId),
  callEnded: (requestId) => failed(publicError('CALL_ENDED'), requestId),
  failed,
  badRequest: ({ code, message }, requestId) => failed({ code, status: 400, text: message }, requestId),
  refused: ({ status }, requestId) =>
    status === 401 ? unauthorized(requestId) : failed(publicError('FORBIDDEN'), requestId),
  statusTaken: () => json(200, { success: true }),
  statusFailed: failed,
};

function unauthorized(requestId: string): WebhookAnswer {
  const answer = failed(publicError('UNAUTHORIZED'), requestId);
  return { ...answer, headers: { 'www-authenticate': 'Basic realm="webhooks"' } };
}

function failed(failure: PublicError, requestId: string): WebhookAnswer {
  const { status, text, code } = failure;
  return { ...json(status, { error: text, code, request_id: requestId }), headers: retryAfter(failure) };
}

function json(status: number, body: object): WebhookAnswer {
  return { status, contentType: 'application/json; charset=utf-8', headers: {}, body: JSON.stringify(body) };
}
