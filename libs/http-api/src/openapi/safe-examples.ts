import type { OpenAPIObject } from '@nestjs/swagger';

type Json = Record<string, unknown>;

/** No JSON object, so that the server refuses it as it is. */
const WRITE_HERE = 'Write the body here: its fields are under "Schema". It will be carried out.';

/**
 * The document for a page that can send requests: nothing that changes something is filled in before a person does. With the
 * examples, two clicks would drain a pod or replace the tier config.
 *
 * @returns a copy
 */
export function withoutPrefilledWrites(document: OpenAPIObject): OpenAPIObject {
  const copy = structuredClone(document);
  for (const item of Object.values(copy.paths as Record<string, Record<string, Json>>)) {
    for (const [method, operation] of Object.entries(item)) if (method !== 'get') emptyInputs(operation);
  }
  return copy;
}

function emptyInputs({ parameters, requestBody }: Json): void {
  for (const parameter of (parameters ?? []) as Json[]) {
    delete parameter['example'];
    delete (parameter['schema'] as Json | undefined)?.['example'];
  }
  for (const media of Object.values((requestBody as { content?: Record<string, Json> } | undefined)?.content ?? {})) {
    delete media['examples'];
    media['example'] = WRITE_HERE;
  }
}
