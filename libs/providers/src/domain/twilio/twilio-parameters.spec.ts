import twilioSdk from 'twilio';
import { toForm } from '../../testing/random-webhooks';
import { formRequest, PUBLIC_BASE_URL, sampleSettings } from '../../testing/sample-webhooks';
import { valuesByKey } from '../form-body';
import { TwilioProvider } from './twilio';

const TOKEN = 'current-token';
const BASE = '/api/v1/twilio/allocate?merchant_id=shop';
const PATH = `${BASE}A1`;
const CALL = `CA${'1'.repeat(16)}${'d'.repeat(16)}`;
const PARENT = `CA${'9'.repeat(32)}`;

type Field = [name: string, value: string];

const ACCOUNT: Field = ['AccountSid', `AC${'2'.repeat(32)}`];
const VERSION: Field = ['ApiVersion', '2010-04-01'];
const CAPTURED: Field[] = [
  ACCOUNT,
  VERSION,
  ['CallSid', CALL],
  ['CallerName', 'Acme'],
  ['Direction', 'inbound'],
  ['ParentCallSid', PARENT],
  ['To', '+15550002'],
];

const textOf = (fields: Field[]) => fields.flat().join('');

/** What becomes of a request with these fields and the signature of the captured one. */
function reasonOf(path: string, fields: Field[], captured = CAPTURED, strictIds = true): string {
  const provider = new TwilioProvider(sampleSettings({ twilio: { authTokens: () => [TOKEN] }, strictIds }));
  const values = valuesByKey(captured);
  const signature = twilioSdk.getExpectedTwilioSignature(TOKEN, PUBLIC_BASE_URL + PATH, values);
  const request = formRequest(path, toForm(fields), { headers: { 'x-twilio-signature': signature } });
  const verdict = provider.verify(request);
  return verdict.kind === 'refused' ? verdict.reason : 'authentic';
}

/** Each is the captured text, cut in other places: its signature is right. */
const CUTS: [how: string, path: string, fields: Field[]][] = [
  ['the call id is longer', PATH, [ACCOUNT, VERSION, ['CallSid', `${CALL}CallerNameAcme`], ...CAPTURED.slice(4)]],
  [
    'the call id is shorter',
    PATH,
    [
      ACCOUNT,
      VERSION,
      ['CallSid', CALL.slice(0, 18)],
      [CALL.slice(18) + textOf(CAPTURED.slice(3)).slice(0, 10), textOf(CAPTURED.slice(3)).slice(10)],
    ],
  ],
  [
    'the parent is the call',
    PATH,
    [
      ACCOUNT,
      ['ApiVersion', `2010-04-01${textOf(CAPTURED.slice(2, 5))}Parent`],
      ['CallSid', PARENT],
      ['To', '+15550002'],
    ],
  ],
  ['there is no call id', PATH, [ACCOUNT, ['ApiVersion', `2010-04-01${textOf(CAPTURED.slice(2))}`]]],
  ['the merchant is shorter', BASE, [['A1', ''], ...CAPTURED]],
  ['the account is part of the address', `${PATH}${textOf([ACCOUNT])}`, CAPTURED.slice(1)],
  ['more than the account is part of the address', `${PATH}${textOf([ACCOUNT, VERSION])}`, CAPTURED.slice(2)],
  ['all of it is one name', PATH, [[textOf(CAPTURED), '']]],
  ['a field comes twice', PATH, [...CAPTURED, ['CallSid', CALL]]],
];

describe('the fields of a request that Twilio signed', () => {
  it('are taken as they were signed', () => {
    expect(reasonOf(PATH, CAPTURED)).toBe('authentic');
  });

  it.each(CUTS)('are refused when %s', (_how, path, fields) => {
    expect(reasonOf(path, fields)).toBe('ambiguous');
  });

  it('are refused when a caller wrote the id of a call', () => {
    const captured: Field[] = [ACCOUNT, ['AddOns', `x CallSid${PARENT}`], ['CallSid', CALL], ['To', '1']];
    const forged: Field[] = [
      ACCOUNT,
      ['AddOns', 'x '],
      ['CallSid', PARENT],
      [`CallSid${CALL.slice(0, 3)}`, `${CALL.slice(3)}To1`],
    ];
    expect(reasonOf(PATH, captured, captured)).toBe('ambiguous');
    expect(reasonOf(PATH, forged, captured)).toBe('ambiguous');
  });

  it('may name no call', () => {
    const fields: Field[] = [ACCOUNT, ['ConferenceSid', `CF${'3'.repeat(32)}`]];
    expect(reasonOf(PATH, fields, fields)).toBe('authentic');
  });

  it('may have the ids of a compatible provider when those are allowed', () => {
    const fields: Field[] = [
      ['AccountSid', 'space-1'],
      ['CallSid', '7d6f1c2e-0001'],
    ];
    expect(reasonOf(PATH, fields, fields)).toBe('ambiguous');
    expect(reasonOf(PATH, fields, fields, false)).toBe('authentic');
  });

  it.each(['From number', 'a+b', 'a.b', '1a', 'é', 'n'.repeat(129)])(
    'are refused when one is called %j, whatever the ids',
    (name) => {
      const fields: Field[] = [
        ['CallSid', 'c-1'],
        [name, '1'],
      ];
      expect(reasonOf(PATH, fields, fields, false)).toBe('ambiguous');
    },
  );
});
