import type { CallOperations } from './call-operations';
import { withinDeadline } from './deadline';
import type {
  EndedCall,
  IncomingCall,
  InvalidWebhook,
  Provider,
  Refusal,
  WebhookAnswer,
  WebhookFailure,
} from './provider';
import type { PublicUrlSettings } from './public-url';
import { publicFailure } from './webhook-failure';
import type { WebhookObserver, WebhookOutcome } from './webhook-outcome';
import { toWebhookRequest, type ReceivedWebhook, type WebhookRequest } from './webhook-request';

export interface WebhookHandlerOptions {
  readonly publicUrl: PublicUrlSettings;
  /** After this long a provider gets its failure answer, whatever is still going on. */
  readonly deadlineMs: number;
}

/** One webhook under way. */
interface Exchange {
  readonly provider: Provider;
  readonly received: ReceivedWebhook;
  readonly act: (request: WebhookRequest) => Promise<WebhookOutcome>;
  readonly onFailure: (failure: WebhookFailure) => WebhookAnswer;
}

/**
 * The way of every webhook, whichever provider sent it: check, read, act, answer. Invariant: the store is neither read
 * nor written before the request is known to be authentic and complete. Never rejects and is never later than the
 * deadline, since a provider that gets no answer drops the call.
 */
export class WebhookHandler {
  constructor(
    private readonly calls: CallOperations,
    private readonly observer: WebhookObserver,
    private readonly options: WebhookHandlerOptions,
  ) {}

  /** A provider asks where to connect a call. */
  allocate(provider: Provider, received: ReceivedWebhook): Promise<WebhookOutcome> {
    return this.handle({
      provider,
      received,
      onFailure: (failure) => provider.answers.failed(failure, received.requestId),
      act: async (request) => {
        const reading = await provider.readCall(request);
        switch (reading.kind) {
          case 'invalid':
            return invalidOutcome(provider, received, reading);
          case 'ended':
            return this.end(reading, provider.answers.callEnded(received.requestId));
          case 'call':
            return this.connect(provider, received, reading);
        }
      },
    });
  }

  /** A provider reports the state of a call. */
  status(provider: Provider, received: ReceivedWebhook): Promise<WebhookOutcome> {
    return this.handle({
      provider,
      received,
      onFailure: (failure) => provider.answers.statusFailed(failure, received.requestId),
      act: async (request) => {
        const reading = await provider.readStatus(request);
        const answer = provider.answers.statusTaken();
        switch (reading.kind) {
          case 'invalid':
            return invalidOutcome(provider, received, reading);
          case 'ended':
            return this.end(reading, answer);
          case 'ongoing':
            return { answer, result: 'ongoing', callSid: reading.callSid, callStatus: reading.status };
        }
      },
    });
  }

  private async handle(exchange: Exchange): Promise<WebhookOutcome> {
    const outcome = await this.outcomeOf(exchange);
    this.observer.answered(exchange.provider.name, outcome.result);
    return outcome;
  }

  private async outcomeOf({ provider, received, act, onFailure }: Exchange): Promise<WebhookOutcome> {
    try {
      const request = toWebhookRequest(received, this.options.publicUrl);
      const verification = provider.verify(request);
      if (verification.kind === 'refused') {
        return this.refuse(provider, received, verification);
      }
      return await withinDeadline(act(request), this.options.deadlineMs);
    } catch (error) {
      return { answer: onFailure(publicFailure(error)), result: 'failed', error };
    }
  }

  private async connect(provider: Provider, received: ReceivedWebhook, call: IncomingCall): Promise<WebhookOutcome> {
    const { callSid, merchantId, flow, template } = call;
    const allocation = await this.calls.allocate({ callSid, merchantId, provider: provider.name, flow, template });
    switch (allocation.kind) {
      case 'allocated': {
        const { podName, sourcePool, wsUrl, wasExisting } = allocation;
        const result = wasExisting ? 'existing' : 'allocated';
        return { answer: provider.answers.connect(wsUrl), result, callSid, merchantId, podName, sourcePool };
      }
      case 'no-capacity':
        return { answer: provider.answers.noCapacity(received.requestId), result: 'no_capacity', callSid, merchantId };
      case 'call-ended':
        return { answer: provider.answers.callEnded(received.requestId), result: 'call_ended', callSid, merchantId };
    }
  }

  private async end({ callSid, status }: EndedCall, answer: WebhookAnswer): Promise<WebhookOutcome> {
    const ended = await this.calls.endCall(callSid);
    const outcome = { answer, callSid, callStatus: status };
    return ended.kind === 'released'
      ? { ...outcome, result: 'released', podName: ended.podName }
      : { ...outcome, result: 'unknown_call' };
  }

  private refuse(provider: Provider, received: ReceivedWebhook, refusal: Refusal): WebhookOutcome {
    this.observer.refused(provider.name, refusal.reason);
    const answer = provider.answers.refused(refusal, received.requestId);
    return { answer, result: 'refused', refusal: refusal.reason };
  }
}

function invalidOutcome(provider: Provider, received: ReceivedWebhook, invalid: InvalidWebhook): WebhookOutcome {
  const answer = provider.answers.badRequest(invalid, received.requestId);
  return { answer, result: 'invalid', problem: invalid.message };
}
