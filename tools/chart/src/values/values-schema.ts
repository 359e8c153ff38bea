import type { ValueEntry } from './values-document';

/** What the schema says beside the values: it is read from other files of the repository. */
export interface SchemaSources {
  /** Settings of the product with their meaning. */
  readonly settings: Readonly<Record<string, string>>;
  readonly alerts: readonly string[];
  /** Values that are gone, with what to set instead. */
  readonly removed: Readonly<Record<string, string>>;
}

export type Schema = Readonly<Record<string, unknown>>;

/**
 * The JSON schema of the values. Unknown keys are refused, and so are keys that `null` has removed: the templates read them.
 * A value that is gone may be given, so that the templates can say what to set instead.
 */
export function valuesSchema(entries: readonly ValueEntry[], sources: SchemaSources): Schema {
  const removed = Object.entries(sources.removed).map(([name, instead]) => [
    name,
    { description: `Refused: set ${instead}` },
  ]);
  const whole = mapSchema(entries, sources);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of smart-router. Generated from values.yaml by npm run docs.',
    ...whole,
    properties: { ...(whole['properties'] as object), ...Object.fromEntries(removed) },
  };
}

function mapSchema(entries: readonly ValueEntry[], sources: SchemaSources): Schema {
  const named = entries.map((entry) => [entry.path.split('.').at(-1) ?? '', entry] as const);
  return {
    type: 'object',
    additionalProperties: false,
    required: named.map(([name]) => name).filter((name) => name !== 'global'),
    properties: Object.fromEntries(named.map(([name, entry]) => [name, entrySchema(entry, sources)])),
  };
}

function entrySchema(entry: ValueEntry, sources: SchemaSources): Schema {
  if (entry.children !== null) return mapSchema(entry.children, sources);
  return { description: entry.description, ...leafSchema(entry, sources) };
}

function leafSchema({ tags, fallback, path }: ValueEntry, sources: SchemaSources): Schema {
  const { enum: words, pattern, min, type } = tags;
  if (words !== undefined) return { type: 'string', enum: words.split('|') };
  if (type !== undefined) return typeSchema(type, sources);
  if (typeof fallback === 'string') return { type: 'string', ...(pattern !== undefined && { pattern }) };
  if (typeof fallback === 'boolean') return { type: 'boolean' };
  if (typeof fallback === 'number') return { type: 'integer', minimum: Number(min ?? 0) };
  throw new Error(`values.yaml: ${path} needs a line with @type`);
}

function typeSchema(type: string, { settings, alerts }: SchemaSources): Schema {
  switch (type) {
    case 'map':
      return { type: 'object' };
    case 'list':
      return { type: 'array' };
    case 'int|string':
      return { type: ['integer', 'string'] };
    case 'settings':
      return closed(settings, (description) => ({ description, type: ['string', 'boolean', 'integer', 'number'] }));
    case 'alerts':
      return closed(Object.fromEntries(alerts.map((name) => [name, ''])), () => ALERT);
    default:
      throw new Error(`values.yaml: there is no type ${type}`);
  }
}

function closed(names: Readonly<Record<string, string>>, schemaOf: (text: string) => Schema): Schema {
  const properties = Object.entries(names).map(([name, text]) => [name, schemaOf(text)]);
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) };
}

const ALERT = {
  type: 'object',
  additionalProperties: false,
  properties: {
    enabled: { type: 'boolean' },
    for: { type: 'string', pattern: '^[0-9]+(ms|s|m|h|d)$' },
    severity: { type: 'string', enum: ['critical', 'warning', 'info'] },
    threshold: { type: ['number', 'string'] },
  },
};
