import { createHash, hash } from 'node:crypto';
import { formFields } from '../form-body';
import type { Refusal, RefusalReason, Verification } from '../provider';
import { sameSecret } from '../secret-compare';
import type { WebhookRequest } from '../webhook-request';
import { isUnambiguous } from './plivo-parameters';
import { signatureV2, signatureV3, signedTextV2, signedTextV3, type SignedRequest } from './plivo-signature';
import { ReplayMemory } from './replay-memory';

interface PlivoVerifierOptions {
  readonly authTokens: () => readonly string[];
  readonly acceptV2: boolean;
  readonly strictIds: boolean;
  readonly replays?: ReplayMemory;
}

/** A signature scheme of Plivo: `Ma` is signed by the main account where the call belongs to a subaccount. */
interface Scheme {
  readonly signatureHeaders: readonly string[];
  readonly nonceHeader: string;
  readonly expected: (authToken: string, signed: SignedRequest) => string;
  readonly signedText: (signed: SignedRequest) => string;
  readonly coversParameters: boolean;
}

const V3: Scheme = {
  signatureHeaders: ['x-plivo-signature-v3', 'x-plivo-signature-ma-v3'],
  nonceHeader: 'x-plivo-signature-v3-nonce',
  expected: signatureV3,
  signedText: signedTextV3,
  coversParameters: true,
};

const V2: Scheme = {
  signatureHeaders: ['x-plivo-signature-v2', 'x-plivo-signature-ma-v2'],
  nonceHeader: 'x-plivo-signature-v2-nonce',
  expected: (authToken, { url, nonce }) => signatureV2(authToken, url, nonce),
  signedText: signedTextV2,
  coversParameters: false,
};

/**
 * Checks that a request was signed by Plivo. V2 counts only where a request has no V3 signature at all; whoever caught
 * a request with both can still strip the V3 headers, so accept V2 only as long as an account needs it.
 */
export class PlivoVerifier {
  private readonly replays: ReplayMemory;

  constructor(private readonly options: PlivoVerifierOptions) {
    this.replays = options.replays ?? new ReplayMemory();
  }

  verify(request: WebhookRequest): Verification {
    const { acceptV2, authTokens, strictIds } = this.options;
    const scheme = acceptV2 && !isSignedBy(V3, request) ? V2 : V3;
    const nonce = request.headers[scheme.nonceHeader];
    if (!nonce || !isSignedBy(scheme, request)) {
      return refused('missing_signature');
    }
    const signed = { method: request.method, url: request.publicUrls[0], form: formFields(request), nonce };
    const expected = request.publicUrls.flatMap((url) =>
      authTokens().map((token) => scheme.expected(token, { ...signed, url })),
    );
    const given = signaturesOf(scheme, request);
    if (!given.some((signature) => expected.some((right) => sameSecret(signature, right)))) {
      return refused('wrong_signature');
    }
    if (!isUnambiguous(signed, { strictIds, coversParameters: scheme.coversParameters })) {
      return refused('ambiguous');
    }
    // The text, not its signature: the tokens change while one is rotated.
    const use = this.replays.use(digest(scheme.signedText(signed)), fingerprintOf(request));
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

function digest(text: string): string {
  return hash('sha256', text, 'base64');
}

function fingerprintOf({ method, publicUrls, rawBody }: WebhookRequest): string {
  return createHash('sha256').update(`${method} ${publicUrls[0]}\n`).update(rawBody).digest('base64');
}

function refused(reason: RefusalReason): Refusal {
  return { kind: 'refused', status: 403, reason };
}
