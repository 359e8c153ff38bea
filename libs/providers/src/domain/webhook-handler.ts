import type { Allocation, CallEnd, ForeignCall } from '@smart-router/allocator';
import { type PublicError, publicError, publicErrorOf } from '@smart-router/http/errors';
import { type Clock, withTimeout } from '@smart-router/scheduling';
import { type AcceptUnverified, actingOwners } from './acting-owners';
import type { EndCallRetryQueue } from './end-call-retry-queue';
import type { AddressLimit } from './address-limit';
import type { CallOperations, CallToEnd } from './call-operations';
import { hasTooManyFields, MAX_FORM_FIELDS } from './form-body';
import type { InvalidWebhook, MediaRequest, Provider, Refusal, Verification, WebhookAnswer } from './provider';
import type { PublicUrlSettings } from './public-url';
import type { WebhookObserver, WebhookOutcome } from './webhook-outcome';
import { endOutcome, eventOutcome, invalidOutcome, mediaOutcome, progressOutcome } from './webhook-outcomes';
import { loggableUrl } from './loggable-url';
import { toWebhookRequest, type ReceivedWebhook, type WebhookRequest } from './webhook-request';

export interface WebhookHandlerOptions {
  readonly publicUrl: PublicUrlSettings;
  /** After this time a provider gets its failure answer, whatever still runs. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  /** The providers without a secret whose webhooks are taken from anybody. */
  readonly acceptUnverified: AcceptUnverified;
  /**
   * What a provider that hangs up on a failure gets where the store is away: the failure answer, or an error (502, 504)
   * by which it asks its fallback address.
   */
  readonly storeDown: 'speak' | '503';
  /** How many ends of calls that were never met each provider may report within the time that ends are remembered. */
  readonly maxUnknownEnds: number;
  /** The same for each address from which a provider without a secret is said to report. */
  readonly unknownEnds: Pick<AddressLimit, 'isExceeded' | 'count'>;
}

const NO_SECRET: Refusal = { kind: 'refused', status: 403, reason: 'no_secret' };

const TOO_MANY_FIELDS: InvalidWebhook = {
  kind: 'invalid',
  code: 'INVALID_BODY',
  message: `a form may have ${MAX_FORM_FIELDS} fields`,
};

/** What says that the store is away, so that a fallback address may do better. */
const STORE_AWAY = [502, 504];

/** What an address is for: calls that want their media connected, or reports on calls. */
type Address = 'media' | 'reports';

/** One webhook under way. */
interface Exchange {
  readonly provider: Provider;
  readonly received: ReceivedWebhook;
  readonly address: Address;
}

/** What is known of a webhook when its work fails. */
interface Progress {
  /** The call and its merchant, for the log. */
  subject: Pick<WebhookOutcome, 'callSid' | 'merchantId'>;
  /** The call that has to be ended in the background. */
  toEnd?: CallToEnd;
  onFailure: (failure: PublicError) => WebhookAnswer;
}

/**
 * The way of every webhook, whichever provider sent it: check, read, act, answer. Invariants: the store is neither read
 * nor written before the request is known to be authentic and complete; what is done depends on what the request means,
 * and the address can only forbid to take a pod. Never rejects and is never later than the deadline, since a provider
 * that gets no answer drops the call.
 */
export class WebhookHandler {
  constructor(
    private readonly calls: CallOperations,
    private readonly cleanups: Pick<EndCallRetryQueue, 'add' | 'isPending'>,
    private readonly observer: WebhookObserver,
    private readonly options: WebhookHandlerOptions,
  ) {}

  /** A request at an address where pods are asked for. */
  allocate(provider: Provider, received: ReceivedWebhook): Promise<WebhookOutcome> {
    return this.handle({ provider, received, address: 'media' });
  }

  /** A request at an address where calls are reported on: it takes no pod, whatever it says. */
  status(provider: Provider, received: ReceivedWebhook): Promise<WebhookOutcome> {
    return this.handle({ provider, received, address: 'reports' });
  }

  /**
   * A provider asks where to connect a call, and must not be served: it gets the failure answer, and nothing of its
   * request is read. Where that hangs up, the status callback that follows ends what an earlier try may have got.
   */
  reject(provider: Provider, failure: PublicError, requestId: string): WebhookOutcome {
    this.observer.answered(provider.name, 'turned_away');
    return { answer: provider.answers.failed(failure, requestId), result: 'turned_away' };
  }

  private async handle(exchange: Exchange): Promise<WebhookOutcome> {
    const outcome = await this.outcomeOf(exchange);
    this.observer.answered(exchange.provider.name, outcome.result);
    return outcome;
  }

  private async outcomeOf(exchange: Exchange): Promise<WebhookOutcome> {
    const { provider, received } = exchange;
    const progress: Progress = { subject: {}, onFailure: this.failureAnswer(exchange, exchange.address) };
    try {
      const request = toWebhookRequest(received, this.options.publicUrl);
      if (hasTooManyFields(request)) {
        return invalidOutcome(provider, TOO_MANY_FIELDS, received.requestId);
      }
      const verification = this.verify(provider, request);
      if (verification.kind === 'refused') {
        return { ...this.refuse(provider, received, verification), publicUrl: loggableUrl(request.publicUrls[0]) };
      }
      return await this.actInTime(exchange, request, progress);
    } catch (error) {
      const { subject, toEnd, onFailure } = progress;
      if (toEnd !== undefined) this.cleanups.add(toEnd);
      return {
        answer: onFailure(publicErrorOf(error) ?? publicError('INTERNAL')),
        result: 'failed',
        error,
        ...subject,
      };
    }
  }

  private actInTime(exchange: Exchange, request: WebhookRequest, progress: Progress): Promise<WebhookOutcome> {
    const { clock, deadlineMs: ms } = this.options;
    return withTimeout(() => this.act(exchange, request, progress), { ms, clock, name: 'answering a webhook' });
  }

  private async act(exchange: Exchange, request: WebhookRequest, progress: Progress): Promise<WebhookOutcome> {
    const { provider, received, address } = exchange;
    const reading = await provider.read(request);
    switch (reading.kind) {
      case 'invalid':
        return invalidOutcome(provider, reading, received.requestId);
      case 'ended':
        progress.subject = { callSid: reading.callSid };
        progress.toEnd = this.ownCall(exchange, reading.callSid);
        progress.onFailure = this.failureAnswer(exchange, 'reports');
        return endOutcome(provider, reading, await this.endCall(exchange, progress.toEnd), received.requestId);
      case 'progress':
        return progressOutcome(provider, reading.callSid, reading.status);
      case 'event':
        return eventOutcome(provider, reading);
      case 'media':
        if (address === 'reports') return progressOutcome(provider, reading.callSid, reading.status);
        progress.subject = { callSid: reading.callSid, merchantId: reading.merchantId };
        // The store may have given a pod although it did not say so in time, and nobody will ask for it again.
        if (provider.hangsUpOnFailure) progress.toEnd = this.ownCall(exchange, reading.callSid);
        return mediaOutcome(provider, reading, await this.allocation(exchange, reading), received.requestId);
    }
  }

  /** A call as this provider may see and end it. */
  private ownCall({ provider, received }: Exchange, callSid: string): CallToEnd {
    const { acceptUnverified, maxUnknownEnds, unknownEnds } = this.options;
    // Whoever sent it has proved who it is where the provider is verified, and else is known by the address alone.
    const mayReport = provider.verifies || !unknownEnds.isExceeded(received.clientAddress);
    return {
      ...{ provider: provider.name, callSid },
      owners: actingOwners(provider, acceptUnverified),
      maxUnknown: mayReport ? maxUnknownEnds : 0,
    };
  }

  private async endCall({ provider, received }: Exchange, call: CallToEnd): Promise<CallEnd> {
    const outcome = await this.calls.endCall(call);
    if (!provider.verifies && outcome.kind === 'unknown-call') this.options.unknownEnds.count(received.clientAddress);
    return outcome;
  }

  private verify(provider: Provider, request: WebhookRequest): Verification {
    return provider.verifies || this.isOpen(provider) ? provider.verify(request) : NO_SECRET;
  }

  private isOpen({ name }: Provider): boolean {
    const { acceptUnverified } = this.options;
    return acceptUnverified === 'all' || acceptUnverified.includes(name);
  }

  private failureAnswer({ provider, received }: Exchange, address: Address): Progress['onFailure'] {
    const { answers } = provider;
    return (failure) => {
      const asksFallback = this.options.storeDown === '503' && STORE_AWAY.includes(failure.status);
      return address === 'reports' || asksFallback
        ? answers.statusFailed(failure, received.requestId)
        : answers.failed(failure, received.requestId);
    };
  }

  private async allocation({ provider }: Exchange, call: MediaRequest): Promise<Allocation | ForeignCall> {
    const { callSid, merchantId, flow, template } = call;
    const owners = actingOwners(provider, this.options.acceptUnverified);
    // A pod that it got now would be taken from it again by what is under way.
    if (this.cleanups.isPending(provider.name, callSid)) return { kind: 'call-ended' };
    return this.calls.allocate({ callSid, owners, merchantId, provider: provider.name, flow, template });
  }

  private refuse(provider: Provider, received: ReceivedWebhook, refusal: Refusal): WebhookOutcome {
    this.observer.refused(provider.name, refusal.reason);
    const answer = provider.answers.refused(refusal, received.requestId);
    return { answer, result: 'refused', refusal: refusal.reason };
  }
}
