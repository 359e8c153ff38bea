import type { ProviderSettings } from '../domain/provider-settings';
import { toWebhookRequest, type ReceivedWebhook, type WebhookRequest } from '../domain/webhook-request';

export const PUBLIC_BASE_URL = 'https://calls.example.com';

const FORM = 'application/x-www-form-urlencoded';

/** Settings without any secret. */
export function sampleSettings(changes: Partial<ProviderSettings> = {}): ProviderSettings {
  return {
    spoken: { noCapacity: 'All agents are busy.', failure: 'Something went wrong.' },
    strictIds: true,
    twilio: { authTokens: () => [] },
    plivo: { authTokens: () => [], acceptV2: false },
    exotel: { webhookTokens: () => [] },
    ...changes,
  };
}

/** A form post as it comes in. */
export function receivedForm(
  originalUrl: string,
  body: string,
  changes: Partial<ReceivedWebhook> = {},
): ReceivedWebhook {
  return {
    method: 'POST',
    originalUrl,
    encrypted: false,
    isFromProxy: true,
    clientAddress: '192.0.2.1',
    rawBody: Buffer.from(body),
    pathTemplate: null,
    requestId: 'request-1',
    ...changes,
    headers: { host: 'internal:8080', 'content-type': FORM, ...changes.headers },
  };
}

/** A form post as an adapter reads it. */
export function formRequest(originalUrl: string, body: string, changes: Partial<ReceivedWebhook> = {}): WebhookRequest {
  return asRequest(receivedForm(originalUrl, body, changes));
}

export function asRequest(received: ReceivedWebhook): WebhookRequest {
  return toWebhookRequest(received, { publicBaseUrl: PUBLIC_BASE_URL, trustForwarded: false });
}

/** All texts that differ from `text` in one bit, with the bit's place in a name for messages. */
export function* flippedBits(text: string): Generator<{ text: string; place: string }> {
  const bytes = Buffer.from(text);
  for (let index = 0; index < bytes.length; index += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(bytes.readUInt8(index) ^ (1 << bit), index);
      yield { text: flipped.toString('latin1'), place: `byte ${index}, bit ${bit}` };
    }
  }
}
