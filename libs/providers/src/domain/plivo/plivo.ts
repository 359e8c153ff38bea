import { readCallFields, readStatusFields } from '../call-fields';
import { formFields } from '../form-body';
import type { CallReading, Provider, ProviderAnswers, StatusReading, Verification } from '../provider';
import type { ProviderSettings } from '../provider-settings';
import type { WebhookRequest } from '../webhook-request';
import { xmlAnswer, xmlComment } from '../xml-answer';
import { emptyDocument, hangUpDocument, speakDocument, streamDocument } from './plivo-documents';
import { PlivoVerifier } from './plivo-verifier';

/** https://www.plivo.com/docs/voice/xml/request/call-status/ */
const TERMINAL = new Set(['completed', 'busy', 'failed', 'timeout', 'no-answer', 'cancel']);

/**
 * Plivo Voice: signed form posts, answered with Plivo XML. Where an application has no hangup URL of its own, the end of
 * a call is reported to the answer URL, so that a request for a pod may as well be the end of a call.
 */
export class PlivoProvider implements Provider {
  readonly name = 'plivo';
  readonly methods = ['POST'] as const;
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
    const form = formFields(request);
    const status = readStatus(form);
    if (status.kind === 'ended') {
      return status;
    }
    return readCallFields({
      callIdField: 'CallUUID',
      field: (name) => (name === 'CallUUID' ? form : request.query).get(name),
      pathTemplate: request.pathTemplate,
    });
  }

  async readStatus(request: WebhookRequest): Promise<StatusReading> {
    return readStatus(formFields(request));
  }
}

function readStatus(form: URLSearchParams): StatusReading {
  return readStatusFields({
    callIdField: 'CallUUID',
    callSid: form.get('CallUUID'),
    statusField: 'CallStatus',
    status: form.get('CallStatus'),
    isTerminal: (status) => TERMINAL.has(status),
  });
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
