import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './generated/openapi';
import { Transport, type TransportOptions } from './transport';

/** The API as the committed OpenAPI document describes it: `client.GET('/api/v1/status')`. */
export type ApiClient = Client<paths>;

/** The bodies of the API by the names of the OpenAPI document. */
export type Schemas = components['schemas'];

export interface ApiClientOptions extends TransportOptions {
  /** Where a Smart Router answers, without `/api/v1`: `http://smart-router:8080`. */
  readonly baseUrl: string;
  /** A secret of `API_KEYS`; left out: none is sent. */
  readonly key?: string;
}

/**
 * A typed client of the REST API. Wrong paths and parameters, fields that are missing or of another type
 * do not compile; a misspelt optional field of a body does, unless the body `satisfies` its schema.
 *
 * A `GET` is repeated where the connection fails or the answer has a `Retry-After`, as long as there is time; nothing else
 * is repeated. Hand each request to `answerOf`.
 *
 * @throws (each request) `RefusedError` for any status but 2xx; `UnreachableError` where no Smart Router answers
 */
export function createApiClient({ baseUrl, key, ...options }: ApiClientOptions): ApiClient {
  const transport = new Transport(options);
  return createClient<paths>({
    baseUrl,
    fetch: (request) => transport.send(request),
    ...(key !== undefined && { headers: { authorization: `Bearer ${key}` } }),
  });
}

/**
 * The body of an answer: `const { pools } = await answerOf(client.GET('/api/v1/status'))`.
 * @throws as `createApiClient` says
 */
export async function answerOf<Body>(request: Promise<{ readonly data?: Body }>): Promise<Body> {
  // The transport has thrown for anything but a success.
  return (await request).data as Body;
}
