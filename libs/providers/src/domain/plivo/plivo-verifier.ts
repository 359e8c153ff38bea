import { createHash } from 'node:crypto';
import { formFields } from '../form-body';
import type { Refusal, RefusalReason, Verification } from '../provider';
import { sameSecret } from '../secret-compare';
import type { WebhookRequest } from '../webhook-request';
import { NonceMemory } from './nonce-memory';
import { signatureV2, signatureV3 } from './plivo-signature';

export interface PlivoVerifierOptions {
  readonly authTokens: readonly string[];
  readonly acceptV2: boolean;
  readonly nonces?: NonceMemory;
}

/** A signature scheme of Plivo: `Ma` is signed by the main account where the call belongs to a subaccount. */
interface Scheme {
  readonly signatureHeaders: readonly string[];
  readonly nonceHeader: string;
  readonly expected: (authToken: string, request: WebhookRequest, nonce: string) => string;
}

const V3: Scheme = {
  signatureHeaders: ['x-plivo-signature-v3', 'x-plivo-signature-ma-v3'],
  nonceHeader: 'x-plivo-signature-v3-nonce',
  expected: (authToken, request, nonce) =>
    signatureV3(authToken, { method: request.method, url: request.publicUrl, form: formFields(request), nonce }),
};

const V2: Scheme = {
  signatureHeaders: ['x-plivo-signature-v2', 'x-plivo-signature-ma-v2'],
  nonceHeader: 'x-plivo-signature-v2-nonce',
  expected: (authToken, request, nonce) => signatureV2(authToken, request.publicUrl, nonce),
};

/**
 * Checks that a request was signed by Plivo. V2 counts only where a request has no V3 signature at all; whoever caught
 * a request with both can still strip the V3 headers, so accept V2 only as long as an account needs it.
 */
export class PlivoVerifier {
  private readonly nonces: NonceMemory;

  constructor(private readonly options: PlivoVerifierOptions) {
    this.nonces = options.nonces ?? new NonceMemory();
  }

  verify(request: WebhookRequest): Verification {
    const scheme = this.options.acceptV2 && !isSignedBy(V3, request) ? V2 : V3;
    const nonce = request.headers[scheme.nonceHeader];
    if (!nonce || !isSignedBy(scheme, request)) {
      return refused('missing_signature');
    }
    const expected = this.options.authTokens.map((token) => scheme.expected(token, request, nonce));
    const given = signaturesOf(scheme, request);
    if (!given.some((signature) => expected.some((right) => sameSecret(signature, right)))) {
      return refused('wrong_signature');
    }
    const use = this.nonces.use(nonce, fingerprintOf(request));
    return use === 'replayed' ? refused('replayed') : { kind: 'authentic' };
  }
}

function isSignedBy(scheme: Scheme, { headers }: WebhookRequest): boolean {
  return scheme.signatureHeaders.some((name) => Boolean(headers[name]));
}

/** A header may hold several, one per token in use, separated by commas. */
function signaturesOf(scheme: Scheme, { headers }: WebhookRequest): string[] {
  return scheme.signatureHeaders.flatMap((name) => headers[name]?.split(',') ?? []).map((text) => text.trim());
}

function fingerprintOf({ method, publicUrl, rawBody }: WebhookRequest): string {
  return createHash('sha256').update(`${method} ${publicUrl}\n`).update(rawBody).digest('base64');
}

function refused(reason: RefusalReason): Refusal {
  return { kind: 'refused', status: 403, reason };
}
