import { flippedBits, formRequest, PUBLIC_BASE_URL } from '../../testing/sample-webhooks';
import { signatureV2, signatureV3 } from './plivo-signature';
import { PlivoVerifier } from './plivo-verifier';
import { ReplayMemory } from './replay-memory';

const TOKEN = 'current-token';
const PATH = '/api/v1/plivo/allocate?merchant_id=acme&flow=sales';
const CALL_UUID = '97ceeb52-58b6-11e1-86da-77300b68f8bb';
const BODY = `CallUUID=${CALL_UUID}&From=15550001&CallerName=J%C3%BCrgen+%F0%9F%93%9E&Empty=`;
const NONCE = '05429567804466091622';
const URL_V2 = PUBLIC_BASE_URL + PATH;

const WRONG = { kind: 'refused', status: 403, reason: 'wrong_signature' };
const MISSING = { kind: 'refused', status: 403, reason: 'missing_signature' };

/** A verifier with an empty memory of nonces. */
function verifier(options: { acceptV2?: boolean; now?: () => number } = {}): PlivoVerifier {
  return new PlivoVerifier({
    authTokens: () => ['older-token', TOKEN],
    acceptV2: options.acceptV2 ?? false,
    strictIds: true,
    replays: new ReplayMemory({ now: options.now ?? (() => 0) }),
  });
}

function signature(token = TOKEN): string {
  const form = new URLSearchParams(BODY);
  return signatureV3(token, { method: 'POST', url: PUBLIC_BASE_URL + PATH, form, nonce: NONCE });
}

function v3(value = signature(), header = 'x-plivo-signature-v3'): Record<string, string> {
  return { [header]: value, 'x-plivo-signature-v3-nonce': NONCE };
}

const v2 = {
  'x-plivo-signature-v2': signatureV2(TOKEN, URL_V2, NONCE),
  'x-plivo-signature-v2-nonce': NONCE,
};

describe('PlivoVerifier', () => {
  it.each([TOKEN, 'older-token'])('returns authentic when signed with %s', (token) => {
    expect(verifier().verify(formRequest(PATH, BODY, { headers: v3(signature(token)) }))).toEqual({
      kind: 'authentic',
    });
  });

  it('returns replayed when the tokens were rotated since the request came first', () => {
    let nowMs = 0;
    let tokens = [TOKEN];
    const rotating = new PlivoVerifier({
      authTokens: () => tokens,
      acceptV2: false,
      strictIds: true,
      replays: new ReplayMemory({ now: () => nowMs }),
    });
    const captured = formRequest(PATH, BODY, { headers: v3() });
    expect(rotating.verify(captured)).toEqual({ kind: 'authentic' });
    tokens = ['newer-token', TOKEN];
    nowMs = 120_000;
    expect(rotating.verify(captured)).toMatchObject({ kind: 'refused', reason: 'replayed' });
  });

  it('returns authentic when the main account signed', () => {
    const headers = v3(signature(), 'x-plivo-signature-ma-v3');
    expect(verifier().verify(formRequest(PATH, BODY, { headers }))).toEqual({ kind: 'authentic' });
  });

  it('returns authentic when one of several signatures is right', () => {
    const headers = v3(`${signature('wrong-token')}, ${signature()}`);
    expect(verifier().verify(formRequest(PATH, BODY, { headers }))).toEqual({ kind: 'authentic' });
  });

  it.each([
    ['no header at all', {}],
    ['no nonce', { 'x-plivo-signature-v3': signature() }],
    ['no signature', { 'x-plivo-signature-v3-nonce': NONCE }],
    ['only a V2 signature', v2],
  ])('returns refused when there is %s', (_what, headers) => {
    expect(verifier().verify(formRequest(PATH, BODY, { headers }))).toEqual(MISSING);
  });

  it.each([signature('wrong-token'), 'x', ',', '\u00ff'])('returns refused when the signature is %j', (wrong) => {
    expect(verifier().verify(formRequest(PATH, BODY, { headers: v3(wrong) }))).toEqual(WRONG);
  });

  it('returns refused when the signature is empty', () => {
    expect(verifier().verify(formRequest(PATH, BODY, { headers: v3('') }))).toEqual(MISSING);
  });

  it('returns refused when any bit of the signature is flipped', () => {
    const subject = verifier();
    for (const { text, place } of flippedBits(signature())) {
      expect([place, subject.verify(formRequest(PATH, BODY, { headers: v3(text) }))]).toEqual([place, WRONG]);
    }
  });

  it('returns refused when any bit of the nonce is flipped', () => {
    const subject = verifier();
    for (const { text, place } of flippedBits(NONCE)) {
      const headers = { ...v3(), 'x-plivo-signature-v3-nonce': text };
      expect([place, subject.verify(formRequest(PATH, BODY, { headers }))]).toEqual([place, WRONG]);
    }
  });

  it('returns refused when any bit of the body is flipped, unless the parameters stay the same', () => {
    const original = JSON.stringify([...new URLSearchParams(BODY)]);
    for (const { text, place } of flippedBits(BODY)) {
      const request = formRequest(PATH, '', { headers: v3(), rawBody: Buffer.from(text, 'latin1') });
      const same = JSON.stringify([...new URLSearchParams(request.rawBody.toString('utf8'))]) === original;
      expect([place, verifier().verify(request).kind]).toEqual([place, same ? 'authentic' : 'refused']);
    }
  });

  it('returns refused when any bit of path or query is flipped', () => {
    for (const { text, place } of flippedBits(PATH)) {
      const request = formRequest(text, BODY, { headers: v3() });
      expect([place, verifier().verify(request)]).toEqual([place, WRONG]);
    }
  });

  it('returns refused when a signed request is sent again much later', () => {
    let now = 0;
    const subject = verifier({ now: () => now });
    const request = formRequest(PATH, BODY, { headers: v3() });
    expect(subject.verify(request)).toEqual({ kind: 'authentic' });
    now = 120_000;
    expect(subject.verify(request)).toEqual({ kind: 'refused', status: 403, reason: 'replayed' });
  });

  it('returns authentic when Plivo repeats a request that got no answer', () => {
    let now = 0;
    const subject = verifier({ now: () => now });
    const request = formRequest(PATH, BODY, { headers: v3() });
    subject.verify(request);
    now = 42_000;
    expect(subject.verify(request)).toEqual({ kind: 'authentic' });
  });
});

describe('PlivoVerifier with V2 accepted', () => {
  it.each(['x-plivo-signature-v2', 'x-plivo-signature-ma-v2'])('returns authentic when %s is right', (header) => {
    const headers = { [header]: v2['x-plivo-signature-v2'], 'x-plivo-signature-v2-nonce': NONCE };
    expect(verifier({ acceptV2: true }).verify(formRequest(PATH, BODY, { headers }))).toEqual({ kind: 'authentic' });
  });

  it('returns refused when V3 is wrong, although V2 is right', () => {
    const headers = { ...v2, ...v3('wrong') };
    expect(verifier({ acceptV2: true }).verify(formRequest(PATH, BODY, { headers }))).toEqual(WRONG);
  });

  it('returns refused when the path differs', () => {
    const request = formRequest('/api/v1/plivo/status', BODY, { headers: v2 });
    expect(verifier({ acceptV2: true }).verify(request)).toEqual(WRONG);
  });

  it('returns refused when another body comes with a nonce that was used', () => {
    const subject = verifier({ acceptV2: true });
    subject.verify(formRequest(PATH, BODY, { headers: v2 }));
    const other = formRequest(PATH, `CallUUID=${CALL_UUID.replace('97', '98')}`, { headers: v2 });
    expect(subject.verify(other)).toEqual({ kind: 'refused', status: 403, reason: 'replayed' });
  });

  it('returns refused when there is no signature', () => {
    expect(verifier({ acceptV2: true }).verify(formRequest(PATH, BODY))).toEqual(MISSING);
  });
});
