import { readWebhook } from '../call-fields';
import type {
  Provider,
  ProviderAnswers,
  Verification,
  WebhookAnswer,
  WebhookFailure,
  WebhookReading,
} from '../provider';
import type { ProviderSettings } from '../provider-settings';
import type { WebhookRequest } from '../webhook-request';
import { retryAfter } from '../retry-after';
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

const NO_CAPACITY = {
  code: 'NO_PODS_AVAILABLE',
  message: 'no pods available',
  status: 503,
  retryAfterSeconds: 1,
} satisfies WebhookFailure;

/** Exotel acts on a success alone, so that here a failure is shown by its status. */
const EXOTEL_ANSWERS: ProviderAnswers = {
  connect: (wsUrl) => json(200, { url: wsUrl }),
  noCapacity: (requestId) => failed(NO_CAPACITY, requestId),
  callEnded: (requestId) => problem(409, { code: 'CALL_ENDED', message: 'call ended' }, requestId),
  failed,
  badRequest: (invalid, requestId) => problem(400, invalid, requestId),
  refused: ({ status }, requestId) => (status === 401 ? unauthorized(requestId) : forbidden(requestId)),
  statusTaken: () => json(200, { success: true }),
  statusFailed: failed,
};

function unauthorized(requestId: string): WebhookAnswer {
  const answer = problem(401, { code: 'UNAUTHORIZED', message: 'unauthorized' }, requestId);
  return { ...answer, headers: { 'www-authenticate': 'Basic realm="webhooks"' } };
}

function forbidden(requestId: string): WebhookAnswer {
  return problem(403, { code: 'FORBIDDEN', message: 'forbidden' }, requestId);
}

function failed(failure: WebhookFailure, requestId: string): WebhookAnswer {
  return { ...problem(failure.status, failure, requestId), headers: retryAfter(failure) };
}

function problem(
  status: number,
  { code, message }: Pick<WebhookFailure, 'code' | 'message'>,
  requestId: string,
): WebhookAnswer {
  return json(status, { error: message, code, request_id: requestId });
}

function json(status: number, body: object): WebhookAnswer {
  return { status, contentType: 'application/json; charset=utf-8', headers: {}, body: JSON.stringify(body) };
}
