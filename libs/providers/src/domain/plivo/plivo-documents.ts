import { Response } from 'plivo/dist/utils/plivoxml.js';
import { xmlText } from '../xml-answer';

/** The part of the SDK's builder that is used; its own declarations leave `addStream` out. */
interface PlivoXml {
  addStream(url: string, attributes: Record<string, string>): unknown;
  addSpeak(text: string, attributes: Record<string, string>): unknown;
  addHangup(attributes: Record<string, string>): unknown;
  toXML(): string;
}

/** Two-way audio between the caller and the pod, in the encoding of the telephone network. */
export function streamDocument(wsUrl: string): string {
  return document((response) =>
    response.addStream(xmlText(wsUrl), {
      bidirectional: 'true',
      keepCallAlive: 'true',
      contentType: 'audio/x-mulaw;rate=8000',
    }),
  );
}

export function speakDocument(text: string): string {
  return document((response) => {
    response.addSpeak(xmlText(text), {});
    response.addHangup({});
  });
}

export function hangUpDocument(): string {
  return document((response) => response.addHangup({}));
}

export function emptyDocument(): string {
  return document(() => undefined);
}

function document(fill: (response: PlivoXml) => unknown): string {
  const response = new Response() as unknown as PlivoXml;
  fill(response);
  return response.toXML();
}
