import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { formFields, valuesByKey } from '../form-body';
import { readFormWebhook } from '../form-webhook';
import type { Provider, ProviderAnswers, Verification, WebhookReading } from '../provider';
import type { ProviderSettings } from '../provider-settings';
import type { WebhookRequest } from '../webhook-request';
import { xmlAnswer, xmlComment, xmlFailure, xmlText } from '../xml-answer';
import { twilioMeaning } from './twilio-meaning';
import { isUnambiguous } from './twilio-parameters';

const VOCABULARY = { callIdField: 'CallSid', meaningOf: twilioMeaning };

/**
 * Twilio Programmable Voice: signed form posts, answered with TwiML. Twilio reads a document only from a 200, so a
 * call that cannot be connected is a 200 too.
 *
 * The parts of the SDK are loaded by their own paths: the whole SDK takes several times as long and holds 30 MB more.
 */
export class TwilioProvider implements Provider {
  readonly name = 'twilio';
  readonly methods = ['POST'] as const;
  readonly hangsUpOnFailure = true;
  readonly verifies: boolean;
  readonly answers: ProviderAnswers;
  private readonly authTokens: () => readonly string[];
  private readonly strictIds: boolean;

  constructor(settings: ProviderSettings) {
    this.authTokens = settings.twilio.authTokens;
    this.strictIds = settings.strictIds;
    this.verifies = this.authTokens().length > 0;
    this.answers = twilioAnswers(settings.spoken);
  }

  /** Source of the scheme: https://www.twilio.com/docs/usage/security#validating-requests */
  verify(request: WebhookRequest): Verification {
    if (!this.verifies) {
      return { kind: 'authentic' };
    }
    const signature = request.headers['x-twilio-signature'];
    if (!signature) {
      return { kind: 'refused', status: 403, reason: 'missing_signature' };
    }
    const parameters = formFields(request);
    if (!this.isSigned(request, signature, parameters)) {
      return { kind: 'refused', status: 403, reason: 'wrong_signature' };
    }
    return isUnambiguous(request.publicUrls[0], parameters, this.strictIds)
      ? { kind: 'authentic' }
      : { kind: 'refused', status: 403, reason: 'ambiguous' };
  }

  private isSigned({ publicUrls }: WebhookRequest, signature: string, parameters: URLSearchParams): boolean {
    const values = valuesByKey(parameters);
    try {
      return this.authTokens().some((token) =>
        publicUrls.some((url) => validateRequest(token, signature, url, values)),
      );
    } catch {
      // The SDK throws on a URL that does not parse.
      return false;
    }
  }

  async read(request: WebhookRequest): Promise<WebhookReading> {
    return readFormWebhook(request, VOCABULARY);
  }
}

function twilioAnswers(spoken: ProviderSettings['spoken']): ProviderAnswers {
  const noCapacity = xmlAnswer(200, sayAndHangUp(spoken.noCapacity));
  const failed = xmlAnswer(200, sayAndHangUp(spoken.failure));
  return {
    connect: (wsUrl, parameters) => {
      const response = new VoiceResponse();
      const stream = response.connect().stream({ url: xmlText(wsUrl) });
      for (const [name, value] of Object.entries(parameters)) stream.parameter({ name, value: xmlText(value) });
      return xmlAnswer(200, response.toString());
    },
    noCapacity: () => noCapacity,
    callEnded: () => xmlAnswer(200, hangUp()),
    failed: () => failed,
    badRequest: ({ message }) => xmlAnswer(400, nothing(message)),
    refused: ({ status }) => xmlAnswer(status, nothing('request refused')),
    statusTaken: () => xmlAnswer(200, new VoiceResponse().toString()),
    statusFailed: (failure) => xmlFailure(failure, nothing(failure.text)),
  };
}

function sayAndHangUp(text: string): string {
  const response = new VoiceResponse();
  response.say(xmlText(text));
  response.hangup();
  return response.toString();
}

function hangUp(): string {
  const response = new VoiceResponse();
  response.hangup();
  return response.toString();
}

/** A document without instructions, for answers that are read by people only. */
function nothing(reason: string): string {
  return new VoiceResponse().toString() + xmlComment(reason);
}
