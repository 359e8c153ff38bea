const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** The answer that makes Twilio connect a call. */
export function twilioStream(url: string, parameters: Readonly<Record<string, string>> = {}): string {
  const elements = Object.entries(parameters).map(([name, value]) => `<Parameter name="${name}" value="${value}"/>`);
  const stream = elements.length > 0 ? `<Stream url="${url}">${elements.join('')}</Stream>` : `<Stream url="${url}"/>`;
  return `${XML_DECLARATION}<Response><Connect>${stream}</Connect></Response>`;
}

/** The answer that makes Twilio say something and hang up. */
export function twilioSay(text: string): string {
  return `${XML_DECLARATION}<Response><Say>${text}</Say><Hangup/></Response>`;
}

/** The answer that makes Twilio hang up without a word. */
export const TWILIO_HANG_UP = `${XML_DECLARATION}<Response><Hangup/></Response>`;

/** The answer that makes Plivo connect a call. */
export function plivoStream(url: string): string {
  const attributes = 'bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000"';
  return `<Response><Stream ${attributes}>${url}</Stream></Response>`;
}

export function plivoSpeak(text: string): string {
  return `<Response><Speak>${text}</Speak><Hangup/></Response>`;
}

export const PLIVO_HANG_UP = '<Response><Hangup/></Response>';
