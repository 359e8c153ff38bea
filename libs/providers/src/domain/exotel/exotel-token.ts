import type { Verification } from '../provider';
import { sameSecret } from '../secret-compare';
import type { WebhookRequest } from '../webhook-request';

const BASIC = /^basic ([A-Za-z0-9+/]+={0,2})$/i;

/**
 * Takes any of the tokens as the password of Basic credentials, as the whole `user:password`, or as `token` in the query:
 * depending on the place, Exotel's forms take credentials in a URL or do not.
 */
export function verifyExotelToken(request: WebhookRequest, tokens: readonly string[]): Verification {
  const secrets = [...basicSecrets(request.headers['authorization']), ...request.query.getAll('token')];
  const given = secrets.filter((secret) => secret !== '');
  if (given.length === 0) {
    return { kind: 'refused', status: 401, reason: 'missing_token' };
  }
  return given.some((secret) => tokens.some((token) => sameSecret(secret, token)))
    ? { kind: 'authentic' }
    : { kind: 'refused', status: 401, reason: 'wrong_token' };
}

function basicSecrets(header: string | undefined): string[] {
  const encoded = BASIC.exec(header ?? '')?.[1];
  if (encoded === undefined) {
    return [];
  }
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  return [credentials, credentials.slice(credentials.indexOf(':') + 1)];
}
