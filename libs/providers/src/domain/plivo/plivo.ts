import { readFormWebhook } from '../form-webhook';
import type { Provider, ProviderAnswers, Verification, WebhookReading } from '../provider';
import type { ProviderSettings } from '../provider-settings';
import type { WebhookRequest } from '../webhook-request';
import { xmlAnswer, xmlComment, xmlFailure } from '../xml-answer';
import { emptyDocument, hangUpDocument, speakDocument, streamDocument } from './plivo-documents';
import { plivoMeaning } from './plivo-meaning';
import { PlivoVerifier } from './plivo-verifier';

const VOCABULARY = { callIdField: 'CallUUID', meaningOf: plivoMeaning };

/** Plivo Voice: signed form posts, answered with Plivo XML. */
export class PlivoProvider implements Provider {
  readonly name = 'plivo';
  readonly methods = ['POST'] as const;
  readonly hangsUpOnFailure = true;
  readonly verifies: boolean;
  readonly answers: ProviderAnswers;
  private readonly verifier: PlivoVerifier;

  constructor(settings: ProviderSettings) {
    this.verifies = settings.plivo.authTokens().length > 0;
    this.verifier = new PlivoVerifier({ ...settings.plivo, strictIds: settings.strictIds });
    this.answers = plivoAnswers(settings.spoken);
  }

  verify(request: WebhookRequest): Verification {
    return this.verifies ? this.verifier.verify(request) : { kind: 'authentic' };
  }

  async read(request: WebhookRequest): Promise<WebhookReading> {
    return readFormWebhook(request, VOCABULARY);
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
    statusFailed: (failure) => xmlFailure(failure, nothing(failure.text)),
  };
}
