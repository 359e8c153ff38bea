/** How the providers reach this service. */
export interface PublicUrlSettings {
  /** Scheme, host and, where a proxy cuts one off, a path; `null` where it is taken from the request. */
  readonly publicBaseUrl: string | null;
  /** Whether `X-Forwarded-Proto` and `X-Forwarded-Host` come from a proxy of our own. */
  readonly trustForwarded: boolean;
}

export interface UrlParts {
  readonly originalUrl: string;
  readonly encrypted: boolean;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/**
 * The URL that the provider called and signed. A wrong guess can only make a true signature fail, never a false one
 * pass, since the signature needs the provider's token.
 */
export function publicUrlOf(request: UrlParts, settings: PublicUrlSettings): string {
  return baseUrlOf(request, settings) + request.originalUrl;
}

function baseUrlOf({ encrypted, headers }: UrlParts, { publicBaseUrl, trustForwarded }: PublicUrlSettings): string {
  if (publicBaseUrl !== null) {
    return publicBaseUrl.replace(/\/$/, '');
  }
  const forwarded = (name: string) => (trustForwarded ? firstOf(headers[name]) : undefined);
  const scheme = forwarded('x-forwarded-proto') ?? (encrypted ? 'https' : 'http');
  const host = forwarded('x-forwarded-host') ?? headers['host'] ?? '';
  return `${scheme}://${host}`;
}

/** With several proxies in a row the first value is the one that the outermost saw. */
function firstOf(header: string | undefined): string | undefined {
  return header?.split(',', 1)[0]?.trim() || undefined;
}
