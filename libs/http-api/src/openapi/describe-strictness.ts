import type { OpenAPIObject } from '@nestjs/swagger';

type Json = Record<string, unknown>;

/** What real clients extend: fields that are not listed are ignored there. */
const LENIENT = ['AllocateRequest', 'ReleaseRequest'];

/** Parts of request bodies that are no bodies themselves. */
const NESTED = ['TierChange'];

/** Says of each request body whether it may hold more fields than are listed. @returns the same document */
export function describeStrictness(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Json>;
  for (const name of new Set([...requestSchemas(document), ...NESTED])) {
    const schema = schemas[name];
    if (schema) schema['additionalProperties'] = LENIENT.includes(name);
  }
  return document;
}

function requestSchemas(document: OpenAPIObject): string[] {
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item as Record<string, Json>));
  const bodies = JSON.stringify(operations.map(({ requestBody }) => requestBody ?? null));
  return [...bodies.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name = '']) => name);
}
