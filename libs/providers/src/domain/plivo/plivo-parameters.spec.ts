import { toForm } from '../../testing/random-webhooks';
import { formRequest, PUBLIC_BASE_URL } from '../../testing/sample-webhooks';
import { signatureV3 } from './plivo-signature';
import { PlivoVerifier } from './plivo-verifier';

const TOKEN = 'current-token';
const PATH = '/api/v1/plivo/allocate?merchant_id=acme.Asia';
const NONCE = '05429567804466091622';
const CALL = '97ceeb52-58b6-11e1-86da-77300b68f8bb';
const OTHER_CALL = '98ceeb52-58b6-11e1-86da-77300b68f8bb';

type Field = [name: string, value: string];

const CAPTURED: Field[] = [
  ['ALegUUID', CALL],
  ['BillRate', '0.0085'],
  ['CallUUID', CALL],
  ['From', 'sip.user'],
  ['To', '15550002'],
];

interface Sent {
  readonly path?: string;
  readonly fields: Field[];
  readonly nonce?: string;
  /** What was signed. */
  readonly captured?: Field[];
  readonly signedNonce?: string;
  /** Which token signed, and under which name the signature is sent. */
  readonly token?: string;
  readonly header?: string;
}

const verifier = (strictIds = true) =>
  new PlivoVerifier({ authTokens: () => ['older-token', TOKEN], acceptV2: false, strictIds });

/** What becomes of a request with these fields and the signature of the captured one. */
function reasonOf(
  { path = PATH, fields, nonce = NONCE, captured = CAPTURED, signedNonce = NONCE, token = TOKEN, header = 'v3' }: Sent,
  subject = verifier(),
): string {
  const form = new URLSearchParams(captured);
  const right = signatureV3(token, { method: 'POST', url: PUBLIC_BASE_URL + PATH, form, nonce: signedNonce });
  const headers = { [`x-plivo-signature-${header}`]: right, 'x-plivo-signature-v3-nonce': nonce };
  const verdict = subject.verify(formRequest(path, toForm(fields), { headers }));
  return verdict.kind === 'refused' ? verdict.reason : 'authentic';
}

/** Each is the captured text, cut in other places: its signature is right. */
const CUTS: [how: string, sent: Sent][] = [
  [
    'part of the form is the nonce',
    { fields: [...CAPTURED.slice(0, 3), ['From', 'sip']], nonce: `userTo15550002.${NONCE}` },
  ],
  ['the call id is longer', { fields: [...CAPTURED.slice(0, 2), ['CallUUID', `${CALL}Fromsip.userTo15550002`]] }],
  [
    'the call is hidden in another field',
    { fields: [...CAPTURED.slice(0, 1), ['BillRate', `0.0085CallUUID${CALL}Fromsip.userTo15550002`]] },
  ],
  [
    'the merchant is shorter',
    {
      path: PATH.replace('.Asia', ''),
      fields: [['Asia', `.ALegUUID${CALL}BillRate0.0085`], ...CAPTURED.slice(2)],
    },
  ],
  [
    'the merchant is longer',
    {
      path: `${PATH}.ALegUUID${CALL}BillRate0`,
      fields: [[`0085CallUUID${CALL}Fromsip`, '.userTo15550002']],
    },
  ],
];

describe('the fields of a request that Plivo signed', () => {
  it('are taken as they were signed', () => {
    expect(reasonOf({ fields: CAPTURED })).toBe('authentic');
  });

  it.each(CUTS)('are refused when %s', (_how, sent) => {
    expect(reasonOf(sent)).toBe('ambiguous');
  });

  it('are refused when a caller wrote the id of a call', () => {
    const captured: Field[] = [
      ['BillTo', `x.CallUUID${OTHER_CALL}`],
      ['CallUUID', CALL],
    ];
    expect(reasonOf({ fields: captured, captured })).toBe('ambiguous');
    const forged: Field[] = [
      ['BillTo', 'x.'],
      ['CallUUID', `${OTHER_CALL}CallUUID${CALL}`],
    ];
    expect(reasonOf({ fields: forged, captured })).toBe('ambiguous');
  });

  it('may have ids of others under names of their own', () => {
    const fields: Field[] = [
      ['CallUUID', CALL],
      ['X-PH-Lead', OTHER_CALL],
      ['X-PH-uuid', OTHER_CALL],
    ];
    expect(reasonOf({ fields, captured: fields })).toBe('authentic');
  });

  it.each(['5.5', 'n/1', 'n_1', 'n'.repeat(65)])('are refused with the nonce %j', (nonce) => {
    expect(reasonOf({ fields: CAPTURED, nonce, signedNonce: nonce })).toBe('ambiguous');
  });

  it('may have the ids of a compatible provider when those are allowed', () => {
    const fields: Field[] = [['CallUUID', 'c-1']];
    expect(reasonOf({ fields, captured: fields })).toBe('ambiguous');
    expect(reasonOf({ fields, captured: fields }, verifier(false))).toBe('authentic');
  });

  it('are known again when they moved into the query', () => {
    const subject = verifier(false);
    expect(reasonOf({ fields: CAPTURED }, subject)).toBe('authentic');
    const path = `${PATH}.${CAPTURED.flat().join('')}`;
    expect(reasonOf({ path, fields: [] }, subject)).toBe('replayed');
  });

  it('are known again when another of its signatures is sent', () => {
    const subject = verifier();
    expect(reasonOf({ fields: CAPTURED }, subject)).toBe('authentic');
    const other = { fields: CAPTURED.toReversed(), token: 'older-token', header: 'ma-v3' };
    expect(reasonOf(other, subject)).toBe('replayed');
  });
});
