const PLACEHOLDERS = ['pod_name', 'call_sid', 'provider', 'flow', 'template', 'merchant_id'] as const;

const BASE_URL = 'base_url';

/** What goes into a media URL besides the base URL; what is not given becomes the empty string. */
export interface WsUrlValues {
  readonly pod_name: string;
  readonly call_sid: string;
  readonly provider?: string;
  readonly flow?: string;
  readonly template?: string;
  readonly merchant_id?: string;
}

/** The template cannot be used: it has an unknown placeholder or a stray brace. */
export class InvalidWsUrlTemplateError extends Error {
  readonly code = 'INVALID_WS_URL_TEMPLATE';

  constructor(
    readonly template: string,
    readonly reason: string,
  ) {
    super(`WS_URL_TEMPLATE ${JSON.stringify(template)}: ${reason}`);
  }
}

type Part = (values: WsUrlValues) => string;

/**
 * Compiles a template of media URLs, such as `{base_url}/ws/pod/{pod_name}/{call_sid}`.
 *
 * @param template text with the placeholders `{base_url}`, `{pod_name}`, `{call_sid}`, `{provider}`, `{flow}`,
 *   `{template}` and `{merchant_id}`
 * @param baseUrl goes in as it is, but for slashes at its end; every other value is percent-encoded (RFC 3986)
 * @throws InvalidWsUrlTemplateError
 */
export function compileWsUrlTemplate(template: string, baseUrl: string): (values: WsUrlValues) => string {
  const base = baseUrl.replace(/(?<!\/)\/+$/, '');
  const parts = template.split(/(\{[^{}]*\})/).map((text) => compilePart(text, base, template));
  return (values) => parts.map((part) => part(values)).join('');
}

function compilePart(text: string, baseUrl: string, template: string): Part {
  const name = /^\{(.*)\}$/s.exec(text)?.[1];
  if (name === undefined) return compileLiteral(text, template);
  if (name === BASE_URL) return () => baseUrl;
  const placeholder = PLACEHOLDERS.find((known) => known === name);
  if (placeholder !== undefined) return (values) => percentEncode(values[placeholder] ?? '');
  const known = [BASE_URL, ...PLACEHOLDERS].map((each) => `{${each}}`).join(', ');
  throw new InvalidWsUrlTemplateError(template, `unknown placeholder {${name}}; there are ${known}`);
}

function compileLiteral(text: string, template: string): Part {
  const stray = /[{}]/.exec(text)?.[0];
  if (stray !== undefined) throw new InvalidWsUrlTemplateError(template, `a ${stray} has no partner`);
  return () => text;
}

/** What most values are made of; they stay as they are. */
const UNRESERVED_ONLY = /^[A-Za-z0-9._~-]*$/;

/** Only the unreserved characters of RFC 3986 stay. Half of a surrogate pair, which has no encoding, becomes U+FFFD. */
function percentEncode(value: string): string {
  if (UNRESERVED_ONLY.test(value)) return value;
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
