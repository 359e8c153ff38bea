import type { PublicError } from '@smart-router/http/errors';
import type { WebhookMethod, WebhookRequest } from './webhook-request';

/** Why a request was refused; also the value of a metric label. */
export type RefusalReason =
  | 'missing_signature'
  | 'wrong_signature'
  | 'replayed'
  /** Signed, but the signed text could be read in more than one way. */
  | 'ambiguous'
  | 'missing_token'
  | 'wrong_token'
  | 'malformed'
  /** Authentic, but the call belongs to another provider, or to the API. */
  | 'foreign_call'
  /** There is no secret to verify it by, and what cannot be verified is not wanted. */
  | 'no_secret';

export interface Refusal {
  readonly kind: 'refused';
  readonly status: 401 | 403;
  readonly reason: RefusalReason;
}

export type Verification = { readonly kind: 'authentic' } | Refusal;

/** A required field is missing or a value cannot be used; `message` names the field and repeats no text of the caller. */
export interface InvalidWebhook {
  readonly kind: 'invalid';
  readonly code: 'INVALID_FIELD' | 'INVALID_BODY';
  readonly message: string;
}

/** The call wants its media connected: the only kind of request that takes a pod. */
export interface MediaRequest {
  readonly kind: 'media';
  readonly callSid: string;
  /** Empty where none was named. */
  readonly merchantId: string;
  readonly flow?: string;
  readonly template?: string;
  /** The provider's own word for the state of the call, where it sends one. */
  readonly status?: string;
}

/** The call is over: `status` is the provider's own word for how, folded. */
export interface EndedCall {
  readonly kind: 'ended';
  readonly callSid: string;
  readonly status: string;
}

/** The call is on its way or runs: `status` is the provider's own word for it, folded. */
interface CallProgress {
  readonly kind: 'progress';
  readonly callSid: string;
  readonly status: string;
}

/** What a report is about that says nothing of the life of the call itself. */
export type CallEventName = 'recording' | 'transcription' | 'stream' | 'conference' | 'machine_detection' | 'other';

/** Something happened in or to the call. Some of these reports name no call. */
export interface CallEvent {
  readonly kind: 'event';
  readonly event: CallEventName;
  readonly callSid?: string;
}

/** What a request means, whatever the address that it came to. */
export type WebhookReading = MediaRequest | EndedCall | CallProgress | CallEvent | InvalidWebhook;

/** What goes back over HTTP, complete. */
export interface WebhookAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers in the provider's own format. `requestId` is used where the format has room for it. */
export interface ProviderAnswers {
  /** Connects the call to the pod behind `wsUrl`. `parameters` go beside it where the format has room for them. */
  connect(wsUrl: string, parameters: Readonly<Record<string, string>>): WebhookAnswer;
  /** No pod is free: says so to the caller and hangs up. */
  noCapacity(requestId: string): WebhookAnswer;
  /** The call has ended before: hangs up without a word. */
  callEnded(requestId: string): WebhookAnswer;
  /** The router failed: says so to the caller and hangs up. */
  failed(failure: PublicError, requestId: string): WebhookAnswer;
  badRequest(problem: InvalidWebhook, requestId: string): WebhookAnswer;
  refused(refusal: Refusal, requestId: string): WebhookAnswer;
  /** A report on the call was taken in. */
  statusTaken(): WebhookAnswer;
  /** A report on the call could not be acted on; no success, so that a provider that retries does. */
  statusFailed(failure: PublicError, requestId: string): WebhookAnswer;
}

/**
 * One telephony provider: how its webhooks are checked and read, and how it wants to be answered. Everything that
 * differs between providers is behind this port; the flow itself is `WebhookHandler`.
 */
export interface Provider {
  /** The name in paths, metrics and the record of a call. */
  readonly name: string;
  /** How the provider sends its webhooks; anything else is a 405. */
  readonly methods: readonly WebhookMethod[];
  /** Whether the failure answer is the end of the call. Otherwise the provider asks again. */
  readonly hangsUpOnFailure: boolean;
  /** Whether `verify` checks anything: `false` where no secret is configured. */
  readonly verifies: boolean;
  readonly answers: ProviderAnswers;
  /** Never throws: what cannot be checked is refused. */
  verify(request: WebhookRequest): Verification;
  /** Says what the request means, after `verify`. Never rejects. */
  read(request: WebhookRequest): Promise<WebhookReading>;
}
