import { hash, timingSafeEqual } from 'node:crypto';

/** `write` includes `read`. */
export type Scope = 'read' | 'write';

export interface ApiKey {
  /** Stands in the log in place of the secret. */
  readonly name: string;
  readonly scope: Scope;
  readonly secret: string;
}

/** What an `Authorization` header proves. `none`: it is missing, or speaks of something else than a bearer token. */
export type Credentials =
  { readonly kind: 'key'; readonly name: string; readonly scope: Scope } | { readonly kind: 'none' | 'unknown' };

interface KnownKey {
  readonly digest: Buffer;
  readonly credentials: Credentials;
}

/** RFC 6750, section 2.1. */
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;

const NONE: Credentials = { kind: 'none' };
const UNKNOWN: Credentials = { kind: 'unknown' };

function digest(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** Recognizes keys. It takes the same time whichever key is sent: all are compared, each in constant time. */
export class ApiKeys {
  private readonly known: readonly KnownKey[];

  constructor(keys: readonly ApiKey[]) {
    this.known = keys.map(({ name, scope, secret }) => ({
      digest: digest(secret),
      credentials: { kind: 'key', name, scope },
    }));
  }

  get isEmpty(): boolean {
    return this.known.length === 0;
  }

  /** @param authorization the header as it came */
  identify(authorization: string | undefined): Credentials {
    const secret = BEARER.exec(authorization ?? '')?.[1];
    if (secret === undefined) return NONE;
    const given = digest(secret);
    let found = UNKNOWN;
    for (const key of this.known) {
      // Hashes have one length, so that the comparison shows nothing about the secret, not even how long it is.
      if (timingSafeEqual(given, key.digest)) found = key.credentials;
    }
    return found;
  }
}
