import {
  annotate,
  ApiError,
  clientAddressOf,
  errorAnswer,
  outageCause,
  type PublicError,
  publicError,
  raiseLevel,
  TrustedProxies,
} from '@smart-router/http';
import type { Logger } from '@smart-router/logging';
import { recoveredPanics } from '@smart-router/metrics';
import type { Provider, ReceivedWebhook, WebhookHandler, WebhookMethod, WebhookOutcome } from '@smart-router/providers';
import { chainText } from '@smart-router/routing-store';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What an address is for: requests for a pod, or reports on calls. */
export type WebhookKind = 'allocate' | 'status';

const NO_BODY = Buffer.alloc(0);

/** What somebody should look at, also where the status of the answer is 200. */
const WARNINGS: ReadonlySet<WebhookOutcome['result']> = new Set([
  'failed',
  'foreign_call',
  'no_capacity',
  'refused',
  'turned_away',
]);

/** Carries a webhook from HTTP to its provider's handler, and the provider's own answer back. */
export class WebhookResponder {
  private readonly proxies: TrustedProxies | null;

  /** @param trustedProxies whose `Forwarded` and `X-Forwarded-*` headers are believed; empty: anybody's */
  constructor(
    private readonly providers: ReadonlyMap<string, Provider>,
    private readonly handler: WebhookHandler,
    private readonly logger: Logger,
    trustedProxies: readonly string[],
  ) {
    this.proxies = trustedProxies.length === 0 ? null : new TrustedProxies(trustedProxies);
  }

  /**
   * Answers the request.
   * @param pathTemplate the template from the path, `null` where the path has none
   * @throws ApiError NOT_FOUND for a provider that is not known, METHOD_NOT_ALLOWED for a method it does not use
   */
  async respond(
    kind: WebhookKind,
    request: FastifyRequest,
    reply: FastifyReply,
    pathTemplate: string | null,
  ): Promise<void> {
    const provider = this.providerOf(request);
    const received = this.receivedWebhook(request, methodOf(request, provider), pathTemplate);
    const { rejection } = request;
    const outcome =
      rejection === null
        ? await this.handler[kind](provider, received)
        : this.handler.reject(provider, failureOf(rejection), request.id);
    this.report(provider, outcome, request);
    const { status, contentType, headers, body } = outcome.answer;
    reply.code(status).headers(headers).type(contentType).send(body);
  }

  private providerOf(request: FastifyRequest): Provider {
    const { provider: name } = request.params as { provider: string };
    const provider = this.providers.get(name);
    if (provider === undefined) throw new ApiError('NOT_FOUND');
    return provider;
  }

  private receivedWebhook(
    { raw, body, id, ip }: FastifyRequest,
    method: WebhookMethod,
    pathTemplate: string | null,
  ): ReceivedWebhook {
    return {
      method,
      originalUrl: raw.url ?? '',
      encrypted: 'encrypted' in raw.socket,
      isFromProxy: this.proxies?.includes(raw.socket.remoteAddress ?? '') ?? true,
      clientAddress: clientAddressOf({ ip }),
      headers: raw.headers,
      rawBody: Buffer.isBuffer(body) ? body : NO_BODY,
      pathTemplate,
      requestId: id,
    };
  }

  /** The answer is the provider's, so the error filter never sees a failure: it is reported here. */
  private report(provider: Provider, outcome: WebhookOutcome, request: FastifyRequest): void {
    annotate(request, {
      provider: provider.name,
      webhook: outcome.result,
      call_sid: outcome.callSid,
      merchant_id: outcome.merchantId,
      pod_name: outcome.podName,
      pool: outcome.sourcePool,
      call_status: outcome.callStatus,
      call_event: outcome.callEvent,
      refusal: outcome.refusal,
      problem: outcome.problem,
      public_url: outcome.publicUrl,
      ...(outcome.refusedCall && {
        reason: outcome.refusedCall.reason,
        chain: chainText(outcome.refusedCall.attempts),
      }),
    });
    if (WARNINGS.has(outcome.result)) raiseLevel(request);
    if (outcome.error !== undefined) this.reportError(outcome.error, request);
  }

  private reportError(error: unknown, request: FastifyRequest): void {
    const { code } = errorAnswer(error, request.id).body;
    annotate(request, { error_code: code, ...outageCause(error, code) });
    if (code !== 'INTERNAL') return;
    recoveredPanics.inc();
    this.logger.error({ err: error, request_id: request.id }, 'webhook failed unexpectedly');
  }
}

function failureOf({ code, message, headers }: ApiError): PublicError {
  const { retryAfterSeconds = 1, ...row } = publicError(code);
  return { ...row, text: message, retryAfterSeconds: Number(headers['retry-after'] ?? retryAfterSeconds) };
}

/** @throws ApiError METHOD_NOT_ALLOWED */
function methodOf(request: FastifyRequest, { methods }: Provider): WebhookMethod {
  const method = methods.find((known) => known === request.method);
  if (method === undefined) throw new ApiError('METHOD_NOT_ALLOWED', { headers: { allow: methods.join(', ') } });
  return method;
}
