import type { Redis } from 'ioredis';
import { sendForm, sendRequest, waitFor } from '@smart-router/testbed';
import { type DistributedFleet, startDistributedFleet } from './fleet/fleet';
import { openKeys } from './fleet/stored-keys';
import { sendRaw } from './http/raw-connection';
import { callIdFor, type Form, signedByPlivo, signedByTwilio, TWILIO_ACCOUNT } from './webhooks/signed-webhooks';

const PUBLIC_BASE_URL = 'https://calls.example.com';
const TWILIO_TOKEN = 'twilio-token-in-use';
const PLIVO_TOKEN = 'plivo-token-in-use';
const TWILIO = '/api/v1/twilio/allocate?merchant_id=acme';
const FORGED_CALL = callIdFor('twilio', 'forged-call');
const TWILIO_FORM: Form = { ...TWILIO_ACCOUNT, CallSid: FORGED_CALL, From: '+15550001' };
const PLIVO = '/api/v1/plivo/allocate';
const PLIVO_FORM: Form = { CallUUID: callIdFor('plivo', 'forged-call'), From: '+15550001' };

const byTwilio = (token: string, path = TWILIO, form = TWILIO_FORM) =>
  signedByTwilio(token, PUBLIC_BASE_URL + path, form);
const byPlivo = (token: string, path = PLIVO, form = PLIVO_FORM) => signedByPlivo(token, PUBLIC_BASE_URL + path, form);

/** What a command on behalf of one of these calls would hold. */
const FOREIGN = new RegExp(`forged|acme|foreign|${FORGED_CALL}|${PLIVO_FORM['CallUUID']}`);

type Forgery = readonly [name: string, path: string, form: Form, headers: Readonly<Record<string, string>>];

const FORGERIES: readonly Forgery[] = [
  ['twilio without a signature', TWILIO, TWILIO_FORM, {}],
  ['twilio signed by another account', TWILIO, TWILIO_FORM, byTwilio('token-of-somebody-else')],
  ['twilio with a changed body', TWILIO, { ...TWILIO_FORM, From: '+15550002' }, byTwilio(TWILIO_TOKEN)],
  ['twilio with a changed URL', TWILIO.replace('acme', 'foreign'), TWILIO_FORM, byTwilio(TWILIO_TOKEN)],
  ['twilio with a signature that is no base64', TWILIO, TWILIO_FORM, { 'x-twilio-signature': '%%%' }],
  [
    'twilio in another character set',
    TWILIO,
    TWILIO_FORM,
    { ...byTwilio('x'), 'content-type': 'application/x-www-form-urlencoded; charset=utf-16' },
  ],
  ['twilio with a status', '/api/v1/twilio/status', { ...TWILIO_FORM, CallStatus: 'completed' }, byTwilio('x')],
  ['plivo without a signature', PLIVO, PLIVO_FORM, {}],
  ['plivo without a nonce', PLIVO, PLIVO_FORM, { 'x-plivo-signature-v3': 'abc' }],
  ['plivo signed by another account', PLIVO, PLIVO_FORM, byPlivo('token-of-somebody-else')],
  ['plivo with a changed body', PLIVO, { ...PLIVO_FORM, From: '+15550002' }, byPlivo(PLIVO_TOKEN)],
  ['plivo with a changed URL', `${PLIVO}?merchant_id=acme`, PLIVO_FORM, byPlivo(PLIVO_TOKEN)],
  ['exotel without a token', '/api/v1/exotel/allocate', { CallSid: 'forged-call' }, {}],
  ['exotel with a wrong token', '/api/v1/exotel/allocate?token=wrong', { CallSid: 'forged-call' }, {}],
  [
    'exotel from a forwarded address',
    '/api/v1/exotel/allocate',
    { CallSid: 'forged-call' },
    { 'x-forwarded-for': '127.0.0.1' },
  ],
];

describe('a webhook that is not authentic', () => {
  let fleet: DistributedFleet;
  let keys: Redis;
  let monitor: Redis;
  let commands: string[] = [];

  beforeAll(async () => {
    fleet = await startDistributedFleet({
      env: {
        PUBLIC_BASE_URL,
        TWILIO_AUTH_TOKEN: TWILIO_TOKEN,
        PLIVO_AUTH_TOKEN: PLIVO_TOKEN,
        EXOTEL_WEBHOOK_TOKEN: 'exotel-token-in-use',
      },
    });
    keys = openKeys(fleet.redis.url);
    monitor = await keys.monitor();
    monitor.on('monitor', (_time: string, args: string[]) => commands.push(args.join(' ')));
  });

  beforeEach(() => {
    commands = [];
  });

  afterAll(async () => {
    monitor?.disconnect();
    keys?.disconnect();
    await fleet?.stop();
  });

  /**
   * All that Redis was asked on behalf of foreign calls until now: an own call is the last of it. Redis may be seen
   * to end the own call of the test before, too.
   */
  async function commandsForCalls(marker: string): Promise<string[]> {
    await fleet.first.allocated(marker);
    await waitFor(() => commands.some((command) => command.includes(marker)), { description: 'the marker in Redis' });
    await fleet.first.release(marker);
    return commands.filter((command) => !command.includes('marker-') && FOREIGN.test(command));
  }

  it.each(FORGERIES)('is refused without a word to Redis: %s', async (name, path, form, headers) => {
    const { status, text } = await sendForm(fleet.first.baseUrl + path, form, headers);
    expect([401, 403]).toContain(status);
    expect(text).not.toMatch(/\bat .+:\d+|node_modules|Error:/);
    expect(await commandsForCalls(`marker-${name.replaceAll(' ', '-')}`)).toEqual([]);
  });

  it('is refused when the right signature comes together with another one', async () => {
    const signature = byTwilio(TWILIO_TOKEN)['x-twilio-signature'];
    const body = new URLSearchParams(TWILIO_FORM).toString();
    const lines = [
      `POST ${TWILIO} HTTP/1.1`,
      'Host: a',
      'Connection: close',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${body.length}`,
      `X-Twilio-Signature: ${signature}`,
      'X-Twilio-Signature: another',
    ];
    const { status } = await sendRaw(fleet.first.baseUrl, `${lines.join('\r\n')}\r\n\r\n${body}`);
    expect(status).toBe(403);
    expect(await commandsForCalls('marker-twice')).toEqual([]);
  });

  it('would be seen here if it were authentic', async () => {
    const { status } = await sendForm(fleet.first.baseUrl + TWILIO, TWILIO_FORM, byTwilio(TWILIO_TOKEN));
    expect(status).toBe(200);
    // Before the look, so that nothing of it is seen in the next test.
    await fleet.first.release(FORGED_CALL);
    expect(await commandsForCalls('marker-true')).not.toEqual([]);
  });

  it('is refused by query, too', async () => {
    const { status } = await sendRequest(`${fleet.first.baseUrl}/api/v1/exotel/allocate?CallSid=forged-call`);
    expect(status).toBe(401);
    expect(await commandsForCalls('marker-query')).toEqual([]);
  });
});
