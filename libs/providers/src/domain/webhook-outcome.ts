import type { RefusedCall } from '@smart-router/allocator';
import type { CallEventName, RefusalReason, WebhookAnswer } from './provider';

/** What became of a webhook; also the value of a metric label. */
type WebhookResult =
  | 'allocated'
  | 'existing'
  | 'no_capacity'
  | 'call_ended'
  | 'released'
  | 'unknown_call'
  /** The call belongs to another provider, or to the API: nothing was done. */
  | 'foreign_call'
  /** The call is not known, and its end is not remembered: too many such ends were reported. */
  | 'too_many_unknown'
  /** A report on a call that runs. */
  | 'ongoing'
  /** A report on something else than the state of the call. */
  | 'event'
  | 'invalid'
  | 'refused'
  | 'failed'
  /** Not even looked at: it was one too many. */
  | 'turned_away';

/** The answer, and what a log line wants to say about it. No value holds a secret or unchecked text of the sender. */
export interface WebhookOutcome {
  readonly answer: WebhookAnswer;
  readonly result: WebhookResult;
  readonly callSid?: string;
  readonly merchantId?: string;
  readonly podName?: string;
  readonly sourcePool?: string;
  /** Why a call got no pod. The answer does not say: pools are no business of the provider. */
  readonly refusedCall?: RefusedCall;
  /** The provider's word for the state of the call. */
  readonly callStatus?: string;
  /** What the report was about. */
  readonly callEvent?: CallEventName;
  readonly refusal?: RefusalReason;
  /** The address that the signature was checked against, without what the query says. */
  readonly publicUrl?: string;
  /** What was wrong with an invalid request. */
  readonly problem?: string;
  /** What went wrong inside, for the log alone: the answer does not repeat it. */
  readonly error?: unknown;
}

/** Notified of every webhook once it has its answer. */
export interface WebhookObserver {
  answered(provider: string, result: WebhookResult): void;
  refused(provider: string, reason: RefusalReason): void;
}
