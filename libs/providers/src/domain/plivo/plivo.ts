import { type FormVocabulary, readFormCall, readFormStatus } from '../form-call';
import type { CallReading, Provider, ProviderAnswers, StatusReading, Verification } from '../provider';
import type { ProviderSettings } from '../provider-settings';
import type { WebhookRequest } from '../webhook-request';
import { xmlAnswer, xmlComment } from '../xml-answer';
import { emptyDocument, hangUpDocument, speakDocument, streamDocument } from './plivo-documents';
import { PlivoVerifier } from './plivo-verifier';

const VOCABULARY: FormVocabulary = {
  callIdField: 'CallUUID',
  // https://www.plivo.com/docs/voice/xml/request/call-status/
  terminalStates: new Set(['completed', 'busy', 'failed', 'timeout', 'no-answer', 'cancel']),
};

/**
 * Plivo Voice: signed form posts, answered with Plivo XML. Where an application has no hangup URL of its own, the end of
 * a call is reported to the answer URL, so that a request for a pod may as well be the end of a call.
 */
export class PlivoProvider implements Provider {
  readonly name = 'plivo';
  readonly methods = ['POST'] as const;
  readonly hangsUpOnFailure = true;
  readonly verifies: boolean;
  readonly answers: ProviderAnswers;
  private readonly verifier: PlivoVerifier;

  constructor(settings: ProviderSettings) {
    this.verifies = settings.plivo.authTokens.length > 0;
    this.verifier = new PlivoVerifier(settings.plivo);
    this.answers = plivoAnswers(settings.spoken);
  }

  verify(request: WebhookRequest): Verification {
    return this.verifies ? this.verifier.verify(request) : { kind: 'authentic' };
  }

  async readCall(request: WebhookRequest): Promise<CallReading> {
    return readFormCall(request, VOCABULARY);
  }

  async readStatus(request: WebhookRequest): Promise<StatusReading> {
    return readFormStatus(request, VOCABULARY);
  }
}

function plivoAnswers(spoken: ProviderSettings['spoken']): ProviderAnswers {
  const noCapacity = xmlAnswer(200, speakDocument(spoken.noCapacity));
  const failed = xmlAnswer(200, speakDocument(spoken.failure));
  const nothing = (reason: string) => emptyDocument() + xmlComment(reason);
  return {
    connect: (wsUrl) => xmlAnswer(200, streamDocument(wsUrl)),
    noCapacity: () => noCapacity,
    callEnded: () => xmlAnswer(200, hangUpDocument()),
    failed: () => failed,
    badRequest: ({ message }) => xmlAnswer(400, nothing(message)),
    refused: ({ status }) => xmlAnswer(status, nothing('request refused')),
    statusTaken: () => xmlAnswer(200, emptyDocument()),
    statusFailed: ({ message }) => xmlAnswer(503, nothing(message)),
  };
}
