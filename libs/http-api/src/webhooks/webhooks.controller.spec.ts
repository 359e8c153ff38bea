import type { Logger } from '@smart-router/logging';
import { LOGGER } from '@smart-router/logging/nest';
import { recoveredPanics } from '@smart-router/metrics';
import { breakStore, startTestApi, FORM, liveCalls } from '../testing/test-api';
import { apiOfEachTest } from '../testing/use-test-api';

const PREFIX = '/agent/voice/breeze-buddy';

const api = apiOfEachTest();

const takenPods = () => liveCalls(api);

describe('webhooks that ask for a pod', () => {
  it.each([
    ['/api/v1/twilio/allocate', 'CallSid=call-1', /<Connect><Stream url="wss:[^"]+\/call-1"\s*\/>/],
    ['/api/v1/plivo/allocate', 'CallUUID=call-1', /<Stream [^>]*bidirectional="true"[^>]*>wss:[^<]+\/call-1<\/Stream>/],
    [`${PREFIX}/twilio/callback/order?merchant_id=m-1`, 'CallSid=call-1', /<Stream url="wss:/],
    [`${PREFIX}/twilio/callback/order/`, 'CallSid=call-1', /<Stream url="wss:/],
    [`${PREFIX}/twilio/callback/`, 'CallSid=call-1', /<Stream url="wss:/],
    [`${PREFIX}/plivo/callback/`, 'CallUUID=call-1', /<Stream /],
    [`${PREFIX}/plivo/callback`, 'CallUUID=call-1', /<Stream /],
  ])('returns XML when a form is posted to %s', async (path, form, expected) => {
    const { status, headers, text } = await api.post(path, form, FORM);
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'text/xml; charset=utf-8' });
    expect(text).toMatch(expected);
    expect(await takenPods()).toEqual(['call-1']);
  });

  it.each(['/api/v1/exotel/allocate', `${PREFIX}/exotel/callback/order`, `${PREFIX}/exotel/callback/order/`])(
    'returns JSON when JSON is posted to %s',
    async (path) => {
      const { status, body } = await api.post(path, { CallSid: 'call-1', merchant_id: 'm-1' });
      expect(status).toBe(200);
      expect(body).toEqual({
        url: expect.stringMatching(/^wss:\/\/agents\.example\.com\/ws\/pod\/standard-[01]\/call-1$/),
      });
    },
  );

  it('returns JSON when Exotel asks by query', async () => {
    const { status, body } = await api.get('/api/v1/exotel/allocate?CallSid=call-1');
    expect({ status, url: body['url'] }).toEqual({ status: 200, url: expect.stringContaining('/call-1') });
  });

  it('passes the template of the path on when the URL of the pod asks for it', async () => {
    const templated = await startTestApi({ WS_URL_TEMPLATE: '{base_url}/{template}/{pod_name}/{call_sid}' });
    const { body } = await templated.post(`${PREFIX}/exotel/callback/order`, { CallSid: 'call-1' });
    await templated.close();
    expect(body['url']).toContain('/order/standard-');
  });

  it('answers under another prefix when WEBHOOK_PREFIX says so', async () => {
    const moved = await startTestApi({ WEBHOOK_PREFIX: '/hooks' });
    const answers = [
      await moved.post('/hooks/exotel/callback/order', { CallSid: 'call-1' }),
      await moved.post(`${PREFIX}/exotel/callback/order`, { CallSid: 'call-1' }),
    ];
    await moved.close();
    expect(answers.map((answer) => answer.status)).toEqual([200, 404]);
  });

  it('logs once, as a warning, which pools a call tried that got no pod, and does not disclose it to the provider', async () => {
    for (const pod of ['standard-0', 'standard-1', 'basic-0']) await api.store.drains.drain(pod);
    const { status, text } = await api.post('/api/v1/twilio/allocate?merchant_id=m-1', 'CallSid=call-1', FORM);
    expect({ status, discloses: /standard|draining/.test(text) }).toEqual({ status: 200, discloses: false });
    expect(api.logs.filter((line) => line['call_sid'] === 'call-1')).toEqual([
      expect.objectContaining({
        ...{ level: 'warn', provider: 'twilio', merchant_id: 'm-1', webhook: 'no_capacity' },
        ...{ reason: 'draining', chain: 'standard=draining,basic=draining' },
      }),
    ]);
  });

  it("returns the provider's failure and logs the cause when the store cannot be reached", async () => {
    breakStore(api.store);
    const { status, text } = await api.post('/api/v1/twilio/allocate', 'CallSid=call-1', {
      ...FORM,
      'x-request-id': 'req-1',
    });
    expect(status).toBe(200);
    expect(text).toContain('<Hangup');
    expect(api.logs.find((line) => line['request_id'] === 'req-1')).toMatchObject({
      provider: 'twilio',
      webhook: 'failed',
      error_code: 'STORE_UNAVAILABLE',
    });
  });

  it('returns an error when the store cannot be reached and WEBHOOK_STORE_DOWN says so', async () => {
    const strict = await startTestApi({ WEBHOOK_STORE_DOWN: '503' });
    breakStore(strict.store);
    const answer = await strict.post('/api/v1/twilio/allocate', 'CallSid=call-1', FORM);
    await strict.close();
    expect(answer).toMatchObject({
      status: 502,
      headers: { 'content-type': 'text/xml; charset=utf-8', 'retry-after': '1' },
    });
  });

  it('logs and counts an unexpected failure when there is one', async () => {
    const errors: unknown[] = [];
    Object.assign(api.app.get<Logger>(LOGGER, { strict: false }), { error: (...line: unknown[]) => errors.push(line) });
    Object.assign(api.store.calls, { allocate: () => Promise.reject(new TypeError('broken')) });
    const panics = async () => (await recoveredPanics.get()).values[0]?.value ?? 0;
    const before = await panics();
    await api.post('/api/v1/twilio/allocate', 'CallSid=call-1', { ...FORM, 'x-request-id': 'req-1' });
    expect(errors).toEqual([
      [expect.objectContaining({ request_id: 'req-1', err: expect.any(TypeError) }), 'webhook failed unexpectedly'],
    ]);
    expect(await panics()).toBe(before + 1);
  });

  it('returns 403 when the signature is wrong, and logs the address that was used without what may be secret in it', async () => {
    const guarded = await startTestApi({ TWILIO_AUTH_TOKEN: 'secret', TRUST_FORWARDED_HEADERS: 'true' });
    const headers = { ...FORM, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'Calls.example.com' };
    const { status } = await guarded.post('/api/v1/twilio/allocate?merchant_id=acme&token=hush', 'CallSid=call-1', {
      ...headers,
      'x-twilio-signature': 'wrong',
      'x-request-id': 'req-1',
    });
    expect([status, await liveCalls(guarded)]).toEqual([403, []]);
    await guarded.close();
    expect(guarded.logs.find((line) => line['request_id'] === 'req-1')).toMatchObject({
      refusal: 'wrong_signature',
      public_url: 'https://calls.example.com/api/v1/twilio/allocate?merchant_id=acme&token=[hidden]',
    });
  });

  it.each([
    ['127.0.0.1', 'https://calls.example.com'],
    ['10.0.0.0/8', 'http://internal'],
  ])('believes forwarded headers only of trusted proxies: %s', async (TRUSTED_PROXIES, base) => {
    const env = { TWILIO_AUTH_TOKEN: 'secret', TRUST_FORWARDED_HEADERS: 'true', TRUSTED_PROXIES };
    const guarded = await startTestApi(env);
    const forwarded = { forwarded: 'proto=https;host=calls.example.com', host: 'internal' };
    await guarded.post('/api/v1/twilio/allocate', 'CallSid=call-1', { ...FORM, ...forwarded, 'x-request-id': 'req-1' });
    await guarded.close();
    const line = guarded.logs.find((each) => each['request_id'] === 'req-1');
    expect(line?.['public_url']).toBe(`${base}/api/v1/twilio/allocate`);
  });

  it('returns 413 when the body has more than 64 KiB', async () => {
    const form = `CallSid=call-1&x=${'x'.repeat(65_536)}`;
    expect((await api.post('/api/v1/twilio/allocate', form, FORM)).status).toBe(413);
  });
});

describe('webhooks that report a status', () => {
  it.each([
    ['twilio', 'CallSid=call-1&CallStatus=completed', FORM],
    ['plivo', 'CallUUID=call-1&CallStatus=completed', FORM],
    ['exotel', '{"CallSid":"call-1","Status":"completed"}', {}],
  ])('returns 200 and ends the call when %s reports its end', async (provider, body, headers) => {
    await api.post('/api/v1/allocate', { call_sid: 'call-1' });
    expect((await api.post(`/api/v1/${provider}/status`, body, headers)).status).toBe(200);
    expect(await takenPods()).toEqual([]);
    expect((await api.post('/api/v1/allocate', { call_sid: 'call-1' })).status).toBe(409);
  });
});

describe('reports on a call that holds no pod', () => {
  const RECORDING = 'CallSid=call-1&RecordingSid=RE1&RecordingStatus=completed';
  const EXOTEL_RECORDING = 'CallSid=call-1&Stream%5BRecordingUrl%5D=https%3A%2F%2Fx';

  it.each([
    ['twilio', 'status', 'CallSid=call-1&CallStatus=ringing'],
    ['twilio', 'status', 'CallSid=call-1&CallStatus=in-progress'],
    ['twilio', 'details', 'CallSid=call-1&CallStatus=in-progress'],
    ['twilio', 'details', RECORDING],
    ['twilio', 'order', RECORDING],
    ['plivo', 'status', 'CallUUID=call-1&CallStatus=ringing&Event=Ring'],
    ['plivo', 'details', 'CallUUID=call-1'],
    ['plivo', 'order', 'CallUUID=call-1&Event=StopStream&StreamID=s-1'],
    ['exotel', 'status', 'CallSid=call-1&Status=completed'],
    ['exotel', 'order', 'CallSid=call-1&Status=completed'],
    ['exotel', 'order', 'CallSid=call-1&EventType=terminal'],
    ['exotel', 'details', EXOTEL_RECORDING],
    ['exotel', 'order', EXOTEL_RECORDING],
  ])('take none when %s posts to its callback/%s: %s', async (provider, path, form) => {
    const before = await api.post(`${PREFIX}/${provider}/callback/${path}`, form, FORM);
    const later = await api.post(`${PREFIX}/${provider}/callback/${path}/`, form, FORM);
    expect([before.status, later.status, await takenPods()]).toEqual([200, 200, []]);
    expect(before.text).not.toMatch(/Stream|wss:/);
  });

  it.each(['status', 'details'])('take none when Exotel asks callback/%s by query', async (path) => {
    const { status } = await api.get(`${PREFIX}/exotel/callback/${path}?CallSid=call-1`);
    expect([status, await takenPods()]).toEqual([200, []]);
  });

  it.each([
    ['twilio', 'CallSid=call-1&CallStatus=completed'],
    ['plivo', 'CallUUID=call-1&Event=Hangup&CallStatus=completed'],
    ['exotel', 'CallSid=call-1&EventType=terminal'],
  ])('bar the call when %s reports its end, whatever the address', async (provider, form) => {
    for (const path of ['callback/status', 'callback/details', 'callback/order', 'callback']) {
      const callSid = `ended-${path.replace('/', '-')}`;
      await api.post(`${PREFIX}/${provider}/${path}`, form.replace('call-1', callSid), FORM);
      const { status } = await api.post('/api/v1/allocate', { call_sid: callSid });
      expect([path, status]).toEqual([path, 409]);
    }
  });

  it('are named in the log', async () => {
    await api.post(`${PREFIX}/twilio/callback/details`, RECORDING, { ...FORM, 'x-request-id': 'req-1' });
    expect(api.logs.find((line) => line['request_id'] === 'req-1')).toMatchObject({
      webhook: 'event',
      call_event: 'recording',
      call_sid: 'call-1',
    });
  });
});

describe('webhooks that nobody takes', () => {
  it.each([
    '/api/v1/nobody/allocate',
    '/api/v1/nobody/status',
    `${PREFIX}/nobody/callback/order`,
    '/api/v1/__proto__/allocate',
    '/api/v1/constructor/status',
  ])('returns 404 when the provider of %s is not known', async (path) => {
    expect(await api.post(path, 'CallSid=1', FORM)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it.each(['/api/v1/twilio/allocate', `${PREFIX}/twilio/callback/order`])(
    'returns 405 and takes no pod when Twilio is asked by GET at %s',
    async (path) => {
      const { status, headers, body } = await api.get(`${path}?CallSid=call-1`);
      expect({ status, allow: headers['allow'], code: body['code'] }).toEqual({
        status: 405,
        allow: 'POST',
        code: 'METHOD_NOT_ALLOWED',
      });
      expect(await takenPods()).toEqual([]);
    },
  );

  it('returns 405 and takes no pod when the method is HEAD', async () => {
    const { status } = await api.send('HEAD', '/api/v1/exotel/allocate?CallSid=call-1');
    expect(status).toBe(405);
    expect(await takenPods()).toEqual([]);
  });
});
