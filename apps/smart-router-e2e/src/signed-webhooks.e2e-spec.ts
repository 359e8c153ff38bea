import {
  type ApiClient,
  type AppProcess,
  type HttpReply,
  sendForm,
  sendJson,
  sendRequest,
  waitFor,
} from '@smart-router/testbed';
import { startCombined } from './fleet/fleet';
import { resetFleet } from './fleet/reset';
import { sendRaw } from './http/raw-connection';
import { PLIVO_HANG_UP, plivoSpeak, TWILIO_HANG_UP, twilioSay } from './webhooks/provider-documents';
import {
  basicCredentials,
  callIdFor,
  type Form,
  signedByPlivo,
  signedByTwilio,
  TWILIO_ACCOUNT,
} from './webhooks/signed-webhooks';

const PUBLIC_BASE_URL = 'https://calls.example.com';
const CALLBACKS = '/agent/voice/breeze-buddy';
const TWILIO_TOKEN = 'twilio-token-in-use';
const TWILIO_OLD_TOKEN = 'twilio-token-before';
const PLIVO_TOKEN = 'plivo-token-in-use';
const EXOTEL_TOKEN = 'exotel-token-in-use';
const BUSY = 'All lines are busy.';

/** The providers that sign forms, with what differs between them. The words of a status are in libs/providers. */
const SIGNERS = [
  {
    provider: 'twilio',
    callId: 'CallSid',
    account: TWILIO_ACCOUNT,
    token: TWILIO_TOKEN,
    sign: signedByTwilio,
    busy: twilioSay(BUSY),
    hangUp: TWILIO_HANG_UP,
  },
  {
    provider: 'plivo',
    callId: 'CallUUID',
    account: {},
    token: PLIVO_TOKEN,
    sign: signedByPlivo,
    busy: plivoSpeak(BUSY),
    hangUp: PLIVO_HANG_UP,
  },
];

describe('webhooks of providers whose secrets are configured', () => {
  let app: AppProcess;
  let api: ApiClient;

  beforeAll(async () => {
    ({ app, api } = await startCombined({
      PUBLIC_BASE_URL,
      TWILIO_AUTH_TOKEN: `${TWILIO_TOKEN},${TWILIO_OLD_TOKEN}`,
      PLIVO_AUTH_TOKEN: PLIVO_TOKEN,
      EXOTEL_WEBHOOK_TOKEN: EXOTEL_TOKEN,
      NO_CAPACITY_MESSAGE: BUSY,
    }));
  });

  afterEach(() => resetFleet(api));
  afterAll(() => app?.kill());

  const activeCalls = async (): Promise<number> => (await api.status()).body.active_calls;

  const fillAllPods = async (): Promise<void> => {
    const { pods } = (await api.pods()).body;
    await Promise.all(pods.map(({ pod_name }) => api.drain(pod_name)));
  };

  describe.each(SIGNERS)('$provider', ({ provider, callId, account, token, sign, busy, hangUp }) => {
    const allocatePath = `/api/v1/${provider}/allocate?merchant_id=acme&flow=in`;
    const statusPath = `/api/v1/${provider}/status`;

    const send = (path: string, form: Form, headers: Readonly<Record<string, string>>): Promise<HttpReply<string>> =>
      sendForm(app.baseUrl + path, form, headers);

    const idOf = (name: string): string => callIdFor(provider, name);

    const sendSigned = (path: string, fields: Form, secret = token): Promise<HttpReply<string>> => {
      const form = { ...account, ...fields };
      return send(path, form, sign(secret, PUBLIC_BASE_URL + path, form));
    };

    it.each([
      allocatePath,
      `${CALLBACKS}/${provider}/callback/welcome?merchant_id=acme`,
      `${CALLBACKS}/${provider}/callback/welcome/?merchant_id=acme`,
      `${CALLBACKS}/${provider}/callback/welcome`,
    ])('is given a pod at %s when the signature is right', async (path) => {
      const { status, text } = await sendSigned(path, {
        [callId]: idOf('signed-1'),
        From: '+15550001',
        To: '+15550002',
      });
      expect({ status, text }).toEqual({
        status: 200,
        text: expect.stringContaining('wss://agents.example.com/ws/pod/'),
      });
      expect((await api.call(idOf('signed-1'))).body).toMatchObject({ provider });
    });

    it('is refused and takes no pod when the signature is wrong', async () => {
      const form = { ...account, [callId]: idOf('forged-1'), From: '+15550001' };
      const signed = sign(token, PUBLIC_BASE_URL + allocatePath, form);
      const refusals = [
        await send(allocatePath, form, {}),
        await sendSigned(allocatePath, form, 'some-other-token'),
        await send(allocatePath, { ...form, From: '+15550009' }, signed),
        await send(allocatePath.replace('acme', 'other'), form, signed),
        await send(`${CALLBACKS}/${provider}/callback/welcome`, form, signed),
      ];
      expect(refusals.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
      for (const { text } of refusals) expect(text).not.toContain(token);
      expect(await activeCalls()).toBe(0);
    });

    it('ends no call by a status whose signature is wrong', async () => {
      await api.allocated(idOf('keeps-1'));
      const form = { [callId]: idOf('keeps-1'), CallStatus: 'completed' };
      expect((await sendSigned(statusPath, form, 'some-other-token')).status).toBe(403);
      expect(await activeCalls()).toBe(1);
    });

    it('hears that all are busy when there is no pod, with a status that it reads', async () => {
      await fillAllPods();
      const { status, text } = await sendSigned(allocatePath, { [callId]: idOf('busy-1') });
      expect({ status, text }).toEqual({ status: 200, text: busy });
    });

    it('releases a call that has ended, and takes no pod for it any more', async () => {
      const call = idOf('ended-1');
      await sendSigned(allocatePath, { [callId]: call });
      expect(await activeCalls()).toBe(1);
      expect((await sendSigned(statusPath, { [callId]: call, CallStatus: 'completed' })).status).toBe(200);
      expect(await activeCalls()).toBe(0);
      const late = await sendSigned(allocatePath, { [callId]: call });
      expect({ status: late.status, text: late.text }).toEqual({ status: 200, text: hangUp });
      const ended = await api.allocate({ call_sid: call });
      expect({ status: ended.status, body: ended.body }).toMatchObject({ status: 409, body: { code: 'CALL_ENDED' } });
      expect(await activeCalls()).toBe(0);
    });

    it('takes no pod for a call that ended before it was allocated', async () => {
      const call = idOf('never');
      expect((await sendSigned(statusPath, { [callId]: call, CallStatus: 'completed' })).status).toBe(200);
      expect((await sendSigned(allocatePath, { [callId]: call })).text).toBe(hangUp);
      expect(await activeCalls()).toBe(0);
    });

    it('leaves a call alone that is in progress', async () => {
      await sendSigned(allocatePath, { [callId]: idOf('ongoing-1') });
      expect((await sendSigned(statusPath, { [callId]: idOf('ongoing-1'), CallStatus: 'in-progress' })).status).toBe(
        200,
      );
      expect(await activeCalls()).toBe(1);
    });

    it('may be released and allocated again where no status ended it', async () => {
      await sendSigned(allocatePath, { [callId]: idOf('again-1') });
      await api.release(idOf('again-1'));
      const again = await sendSigned(allocatePath, { [callId]: idOf('again-1'), From: '+15550003' });
      expect(again.text).toContain(`/${idOf('again-1')}`);
    });
  });

  describe('twilio', () => {
    it('is accepted with the token before while it is rotated', async () => {
      const path = '/api/v1/twilio/allocate';
      const form = { ...TWILIO_ACCOUNT, CallSid: callIdFor('twilio', 'rotated-1') };
      const headers = signedByTwilio(TWILIO_OLD_TOKEN, PUBLIC_BASE_URL + path, form);
      expect((await sendForm(app.baseUrl + path, form, headers)).text).toContain(`/${form.CallSid}`);
    });
  });

  describe('plivo', () => {
    const path = '/api/v1/plivo/allocate';

    it('is refused when a captured request is sent again with its form moved into the query', async () => {
      const form = { CallUUID: callIdFor('plivo', 'moved-1'), From: '+15550001' };
      const headers = signedByPlivo(PLIVO_TOKEN, PUBLIC_BASE_URL + path, form);
      const moved = `${path}?CallUUID${form.CallUUID}From+15550001`;
      const answers = [
        await sendForm(app.baseUrl + path, form, headers),
        await sendForm(app.baseUrl + moved, {}, headers),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 403]);
    });

    it('is given the same pod when the provider repeats its request', async () => {
      const form = { CallUUID: callIdFor('plivo', 'retried-1') };
      const headers = signedByPlivo(PLIVO_TOKEN, PUBLIC_BASE_URL + path, form);
      const first = await sendForm(app.baseUrl + path, form, headers);
      const second = await sendForm(app.baseUrl + path, form, headers);
      expect([second.status, second.text]).toEqual([200, first.text]);
      expect(await activeCalls()).toBe(1);
    });
  });

  describe('exotel', () => {
    const url = (path: string, query = `?token=${EXOTEL_TOKEN}`): string =>
      `${app.baseUrl}/api/v1/exotel/${path}${query}`;

    it.each([
      ['Basic credentials', basicCredentials('exotel', EXOTEL_TOKEN), ''],
      ['a token in the query', {}, `?token=${EXOTEL_TOKEN}`],
    ])('is given a pod with %s', async (_, headers, query) => {
      const { status, body } = await sendRequest(url('allocate', query), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ CallSid: 'exotel-1', merchant_id: 'acme' }),
      });
      expect({ status, body }).toEqual({ status: 200, body: { url: expect.stringMatching(/^wss:.*\/exotel-1$/) } });
    });

    it('is answered with 503 when there is no pod', async () => {
      await fillAllPods();
      const { status, body, headers } = await sendJson('POST', url('allocate'), { CallSid: 'busy-1' });
      expect({ status, body }).toMatchObject({ status: 503, body: { error: 'no pods available' } });
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
    });

    it('releases a call by a status, and takes no pod for it any more', async () => {
      await sendJson('POST', url('allocate'), { CallSid: 'ended-exotel' });
      expect((await sendForm(url('status'), { CallSid: 'ended-exotel', Status: 'completed' })).status).toBe(200);
      expect(await activeCalls()).toBe(0);
      const late = await sendJson('POST', url('allocate'), { CallSid: 'ended-exotel' });
      expect({ status: late.status, body: late.body }).toMatchObject({ status: 409, body: { error: 'call ended' } });
      expect(await activeCalls()).toBe(0);
    });
  });

  it('writes no secret and no full phone number into the log', async () => {
    const path = '/api/v1/twilio/allocate';
    const CallSid = callIdFor('twilio', 'quiet-1');
    const form = { ...TWILIO_ACCOUNT, CallSid, From: '+15550001234', Caller: '+15550001234' };
    await sendForm(app.baseUrl + path, form, signedByTwilio(TWILIO_TOKEN, PUBLIC_BASE_URL + path, form));
    await sendRequest(
      `${app.baseUrl}/api/v1/exotel/allocate?token=${EXOTEL_TOKEN}&CallSid=quiet-2&From=%2B15550001234`,
    );
    const log = (): string => JSON.stringify(app.logs);
    await waitFor(() => log().includes('quiet-2'), { description: 'both requests to be logged' });
    const canaries = [TWILIO_TOKEN, TWILIO_OLD_TOKEN, PLIVO_TOKEN, EXOTEL_TOKEN, '15550001234'];
    expect(canaries.filter((canary) => log().includes(canary))).toEqual([]);
  });
});

describe('webhooks behind a proxy that names the public address', () => {
  let app: AppProcess;

  afterEach(() => app?.kill());

  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'calls.example.com' };
  const path = '/api/v1/twilio/allocate?merchant_id=acme';
  const form = { ...TWILIO_ACCOUNT, CallSid: callIdFor('twilio', 'forwarded-1') };

  it.each([
    ['accepted', 'true', 200],
    ['refused', 'false', 403],
  ])('are %s when TRUST_FORWARDED_HEADERS is %s', async (_, trust, expected) => {
    ({ app } = await startCombined({ TWILIO_AUTH_TOKEN: TWILIO_TOKEN, TRUST_FORWARDED_HEADERS: trust }));
    const headers = signedByTwilio(TWILIO_TOKEN, PUBLIC_BASE_URL + path, form);
    const { status } = await sendForm(app.baseUrl + path, form, { ...headers, ...forwarded });
    expect(status).toBe(expected);
  });

  it('are accepted when the request line has the whole address and the host is spelled in other cases', async () => {
    ({ app } = await startCombined({
      TWILIO_AUTH_TOKEN: TWILIO_TOKEN,
      PUBLIC_BASE_URL: 'HTTPS://Calls.example.com:443',
    }));
    const body = new URLSearchParams(form).toString();
    const signature = signedByTwilio(TWILIO_TOKEN, PUBLIC_BASE_URL + path, form)['x-twilio-signature'];
    const lines = [
      `POST http://Calls.Example.com${path} HTTP/1.1`,
      'Host: internal',
      'Connection: close',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${body.length}`,
      `X-Twilio-Signature: ${signature}`,
    ];
    const { status } = await sendRaw(app.baseUrl, `${lines.join('\r\n')}\r\n\r\n${body}`);
    expect(status).toBe(200);
  });
});
