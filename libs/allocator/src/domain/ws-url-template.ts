const PLACEHOLDERS = ['pod_name', 'call_sid', 'provider', 'flow', 'template', 'merchant_id', 'traceparent'] as const;

const BASE_URL = 'base_url';

/** What goes into a media URL besides the base URL; what is not given becomes the empty string. */
export interface WsUrlValues {
  readonly pod_name: string;
  readonly call_sid: string;
  readonly provider?: string;
  readonly flow?: string;
  readonly template?: string;
  readonly merchant_id?: string;
  /** By which the pod continues the trace of the call; only where traces are on. */
  readonly traceparent?: string;
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

/** How the addresses that calls are sent to are made. */
export interface WsUrlRules {
  readonly baseUrl: string;
  readonly template: string;
  /** In place of `template` for calls of these flows. */
  readonly templatesByFlow: Readonly<Record<string, string>>;
  /** Stand for values that are not given, or empty. */
  readonly defaults: Readonly<Record<string, string>>;
  /** Templates of what goes beside the address, by name. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Where the media of a call goes. */
export interface MediaAddress {
  readonly url: string;
  /** What goes beside the address, for providers that have room for it; not encoded, and none is empty. */
  readonly parameters: Readonly<Record<string, string>>;
}

type Part = (values: WsUrlValues) => string;
type Encode = (value: string) => string;

/**
 * Compiles a template of media URLs, such as `{base_url}/ws/pod/{pod_name}/{call_sid}`.
 *
 * @param template text with the placeholders `{base_url}`, `{pod_name}`, `{call_sid}`, `{provider}`, `{flow}`,
 *   `{template}`, `{merchant_id}` and `{traceparent}`
 * @param baseUrl goes in as it is, but for slashes at its end; every other value is percent-encoded (RFC 3986)
 * @throws InvalidWsUrlTemplateError
 */
function compileWsUrlTemplate(
  template: string,
  baseUrl: string,
  encode: Encode = percentEncode,
): (values: WsUrlValues) => string {
  const base = baseUrl.replace(/(?<!\/)\/+$/, '');
  const parts = template.split(/(\{[^{}]*\})/).map((text) => compilePart(text, { base, template, encode }));
  return (values) => parts.map((part) => part(values)).join('');
}

/**
 * Compiles what makes media addresses: that of the flow, with defaults, and the parameters beside it.
 * @throws InvalidWsUrlTemplateError
 */
export function compileMediaAddress(rules: WsUrlRules): (values: WsUrlValues) => MediaAddress {
  const { baseUrl, template, templatesByFlow, parameters } = rules;
  const usual = compileWsUrlTemplate(template, baseUrl);
  const byFlow = new Map(
    Object.entries(templatesByFlow).map(([flow, each]) => [flow, compileWsUrlTemplate(each, baseUrl)]),
  );
  const beside = Object.entries(parameters).map(
    ([name, text]) => [name, compileWsUrlTemplate(text, baseUrl, (value) => value)] as const,
  );
  const defaults = Object.entries(rules.defaults);
  return (given) => {
    const values = withDefaults(given, defaults);
    const url = (byFlow.get(values.flow ?? '') ?? usual)(values);
    const filled = beside.map(([name, text]) => [name, text(values)] as const).filter(([, text]) => text !== '');
    return { url, parameters: Object.fromEntries(filled) };
  };
}

function withDefaults(given: WsUrlValues, defaults: readonly (readonly [string, string])[]): WsUrlValues {
  const missing = defaults.filter(([name]) => !given[name as keyof WsUrlValues]);
  return missing.length === 0 ? given : { ...given, ...Object.fromEntries(missing) };
}

interface TemplateContext {
  readonly base: string;
  readonly template: string;
  readonly encode: Encode;
}

function compilePart(text: string, { base, template, encode }: TemplateContext): Part {
  const name = /^\{(.*)\}$/s.exec(text)?.[1];
  if (name === undefined) return compileLiteral(text, template);
  if (name === BASE_URL) return () => base;
  const placeholder = PLACEHOLDERS.find((known) => known === name);
  if (placeholder !== undefined) return (values) => encode(values[placeholder] ?? '');
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
