import { IDENTIFIER } from './identifiers';
import { type Kind, kind, splitList } from './kinds';

/** What may stand in braces in the address that a call is sent to. */
const PLACEHOLDERS = ['base_url', 'pod_name', 'call_sid', 'provider', 'flow', 'template', 'merchant_id', 'traceparent'];

/** What a caller may leave out. */
const OPTIONAL = ['provider', 'flow', 'template', 'merchant_id'];

const isTemplate = (text: string): boolean => {
  const rest = text.replace(/\{([a-z_]+)\}/g, (all, name: string) => (PLACEHOLDERS.includes(name) ? '' : all));
  return !/[{}\s]/.test(rest);
};

export const wsUrlTemplate = kind(
  `an address whose only placeholders are ${PLACEHOLDERS.map((name) => `{${name}}`).join(' ')}`,
  (text) => (isTemplate(text) ? text : undefined),
);

type Texts = Readonly<Record<string, string>>;

function isTexts(value: unknown): value is Texts {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && Object.values(value).every((text) => typeof text === 'string');
}

/** Templates by flow. */
export const wsUrlTemplates: Kind<Texts> = kind(
  'a JSON object from flows to addresses as in WS_URL_TEMPLATE',
  (text) => {
    try {
      const value: unknown = JSON.parse(text);
      if (!isTexts(value)) return undefined;
      const isValid = Object.entries(value).every(([flow, template]) => IDENTIFIER.test(flow) && isTemplate(template));
      return isValid ? value : undefined;
    } catch {
      // Not JSON at all: the rule is broken.
      return undefined;
    }
  },
);

/** Pairs separated by commas; `undefined` where a name comes twice or a pair breaks the rule. */
function pairs(text: string, isPair: (name: string, value: string) => boolean): Texts | undefined {
  const found = splitList(text).map((pair): [string, string] => {
    const [name = '', ...value] = pair.split('=');
    return [name.trim(), value.join('=').trim()];
  });
  const names = new Set(found.map(([name]) => name));
  const valid = found.length > 0 && names.size === found.length && found.every((pair) => isPair(...pair));
  return valid ? Object.fromEntries(found) : undefined;
}

export const wsUrlDefaults: Kind<Texts> = kind(
  `pairs such as flow=v2,template=welcome, with names ${OPTIONAL.join(', ')}`,
  (text) => pairs(text, (name, value) => OPTIONAL.includes(name) && IDENTIFIER.test(value)),
);

export const wsUrlParameters: Kind<Texts> = kind(
  'pairs such as pod={pod_name},merchant={merchant_id}, with the placeholders of WS_URL_TEMPLATE but {base_url}',
  (text) => pairs(text, (name, value) => IDENTIFIER.test(name) && !value.includes('{base_url}') && isTemplate(value)),
);
