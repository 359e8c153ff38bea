import type { OpenAPIObject } from '@nestjs/swagger';

type Json = Record<string, unknown>;
type Schemas = Readonly<Record<string, Json>>;

/**
 * Gives every JSON body of the document that has no example one that is put together from the examples of its
 * fields, so that readers see whole bodies and tools can send them. An optional field without an example of its own is
 * left out.
 *
 * @returns the same document
 */
export function addExamples(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Json>;
  for (const media of mediaTypes(document)) {
    if ('example' in media || 'examples' in media) continue;
    const example = exampleOf((media['schema'] ?? {}) as Json, schemas);
    if (example !== undefined) media['example'] = example;
  }
  return document;
}

function mediaTypes(document: OpenAPIObject): Json[] {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path as Record<string, Json>));
  const bodies = operations.flatMap(({ requestBody, responses }) => [requestBody, ...Object.values(responses ?? {})]);
  return bodies.flatMap((body) =>
    Object.values((body as { content?: Record<string, Json> } | undefined)?.content ?? {}),
  );
}

function exampleOf(schema: Json, schemas: Schemas): unknown {
  if ('example' in schema) return schema['example'];
  const standIn = schemaBehind(schema, schemas);
  if (standIn) return exampleOf(standIn, schemas);
  if (schema['type'] === 'array') return [exampleOf((schema['items'] ?? {}) as Json, schemas)];
  const fields = Object.entries((schema['properties'] ?? {}) as Record<string, Json>);
  const required = (schema['required'] ?? []) as string[];
  const shown = fields.filter(([name, field]) => required.includes(name) || 'example' in field);
  return shown.length > 0 ? exampleOfFields(shown, schemas) : undefined;
}

/** What a reference points to, or the first of several alternatives. */
function schemaBehind(schema: Json, schemas: Schemas): Json | undefined {
  const alternatives = [schema['allOf'], schema['anyOf']].find(Array.isArray) as Json[] | undefined;
  if (alternatives) return alternatives[0];
  const ref = schema['$ref'];
  return typeof ref === 'string' ? schemas[schemaName(ref)] : undefined;
}

function exampleOfFields(fields: readonly [string, Json][], schemas: Schemas): Json {
  const examples = fields.map(([name, field]) => [name, exampleOf(field, schemas)] as const);
  return Object.fromEntries(examples.filter(([, example]) => example !== undefined));
}

function schemaName(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}
