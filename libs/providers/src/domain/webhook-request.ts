import type { IncomingHttpHeaders } from 'node:http';
import { publicUrlsOf, type PublicUrlSettings } from './public-url';

export type WebhookMethod = 'GET' | 'POST';

/** A webhook as it came in over HTTP, before anything of it is trusted. */
export interface ReceivedWebhook {
  readonly method: WebhookMethod;
  /** The target exactly as it stood in the request line: signatures cover these very characters. */
  readonly originalUrl: string;
  /** Whether this process itself ended the TLS connection. */
  readonly encrypted: boolean;
  /** Whether the connection comes from a proxy whose headers may be believed. */
  readonly isFromProxy: boolean;
  /** Of the client behind all proxies of our own. */
  readonly clientAddress: string;
  /** Names in lower case, as Node gives them. */
  readonly headers: IncomingHttpHeaders;
  /** The undecoded body; empty for a GET. */
  readonly rawBody: Buffer;
  /** The template from the public webhook path, decoded; `null` where the path has none. */
  readonly pathTemplate: string | null;
  /** Echoed in those answers that have room for it. */
  readonly requestId: string;
}

/**
 * A webhook as a provider adapter reads it. `query` is that of all `publicUrls`, which differ in the spelling of the host
 * alone, so what is verified is what is read.
 */
export interface WebhookRequest {
  readonly method: WebhookMethod;
  readonly publicUrls: readonly [string, ...string[]];
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawBody: Buffer;
  readonly pathTemplate: string | null;
}

/** Never throws: a request that makes no sense is left to the checks of the provider. */
export function toWebhookRequest(received: ReceivedWebhook, settings: PublicUrlSettings): WebhookRequest {
  const headers = singleValues(received.headers);
  const publicUrls = publicUrlsOf({ ...received, headers }, settings);
  return {
    method: received.method,
    publicUrls,
    query: new URLSearchParams(queryOf(publicUrls[0])),
    headers,
    rawBody: received.rawBody,
    pathTemplate: received.pathTemplate,
  };
}

function queryOf(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start + 1);
}

function singleValues(headers: IncomingHttpHeaders): Record<string, string | undefined> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ]);
  return Object.fromEntries(entries) as Record<string, string | undefined>;
}
