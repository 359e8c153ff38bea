import type { OpenAPIObject } from '@nestjs/swagger';

type Json = Record<string, unknown>;

/** What a provider's paths are made from. */
export interface DescribedProvider {
  readonly name: string;
  /** The methods by which it sends webhooks. */
  readonly methods: readonly string[];
}

const PLACEHOLDER = '{provider}';

/**
 * Describes a path of all providers once for each of them, with the methods that it really uses: with a parameter it could
 * be taken for other paths, and a generated client would offer what no provider does.
 *
 * @returns the same document
 */
export function expandProviders(document: OpenAPIObject, providers: readonly DescribedProvider[]): OpenAPIObject {
  const paths = Object.entries(document.paths as Record<string, Json>).flatMap(([path, item]): [string, Json][] => {
    if (!path.includes(PLACEHOLDER)) return [[path, item]];
    return providers.map((provider) => [path.replace(PLACEHOLDER, provider.name), pathOf(item, provider)]);
  });
  document.paths = Object.fromEntries(paths);
  return document;
}

function pathOf(item: Json, { name, methods }: DescribedProvider): Json {
  const used = Object.entries(item).filter(([method]) => methods.includes(method.toUpperCase()));
  return Object.fromEntries(used.map(([method, operation]) => [method, operationOf(operation as Json, name)]));
}

function operationOf(operation: Json, provider: string): Json {
  const parameters = (operation['parameters'] as Json[]).filter(({ name }) => name !== 'provider');
  const suffix = provider.charAt(0).toUpperCase() + provider.slice(1);
  const { requestBody, ...rest } = structuredClone(operation);
  return {
    ...rest,
    operationId: `${String(operation['operationId'])}${suffix}`,
    parameters,
    ...(requestBody !== undefined && { requestBody: bodyOf(requestBody as Json, provider) }),
  };
}

/** Only the provider's own example; every provider sends more fields than are listed. */
function bodyOf(body: Json, provider: string): Json {
  const media = Object.entries(body['content'] as Record<string, Json>).map(([type, { schema, examples }]) => {
    const own = Object.entries(examples as Json).filter(([name]) => name === provider);
    return [type, { schema: { ...(schema as Json), additionalProperties: true }, examples: Object.fromEntries(own) }];
  });
  return { ...body, content: Object.fromEntries(media) as Json };
}
