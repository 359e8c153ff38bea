import { ALLOCATED, CALL_ID_FIELD, callFrom, EACH_PROVIDER, scene, STORE_DOWN } from '../testing/handler-scene';
import { formRequest, receivedForm } from '../testing/sample-webhooks';
import { signatureV3 } from './plivo/plivo-signature';

const TOKEN = 'secret';

/** What the core is asked to end. */
const endOf = (provider: string, owners = [provider, 'api'], maxUnknown = 9) => ({
  ...{ provider, callSid: 'c-1', owners, maxUnknown },
});

describe('WebhookHandler.allocate', () => {
  it.each(EACH_PROVIDER)('returns the way to the pod when %s asks for one', async (name) => {
    const { handler, provider, asked, observed } = scene();
    const { answer, ...facts } = await handler.allocate(provider(name), callFrom(name));
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('wss://agents.example.com/ws/pod/p-1/c-1');
    expect(facts).toEqual({
      result: 'allocated',
      callSid: 'c-1',
      merchantId: 'acme',
      podName: 'p-1',
      sourcePool: 'pool:standard',
    });
    expect(asked).toEqual([
      { callSid: 'c-1', owners: [name, 'api'], merchantId: 'acme', provider: name, flow: 'sales', template: 'order' },
    ]);
    expect(observed).toEqual([`${name} allocated`]);
  });

  it('returns existing when the call has its pod before', async () => {
    const { handler, provider } = scene({ allocate: async () => ({ ...ALLOCATED, wasExisting: true }) });
    expect((await handler.allocate(provider('twilio'), callFrom('twilio'))).result).toBe('existing');
  });

  it.each([
    ['twilio', 200],
    ['plivo', 200],
    ['exotel', 503],
  ])('returns the no-capacity answer of %s when no pod is free', async (name, status) => {
    const { handler, provider } = scene({
      allocate: async () => ({
        kind: 'no-capacity',
        reason: 'full',
        attempts: [{ pool: 'standard', outcome: 'full' }],
      }),
    });
    const { answer, result } = await handler.allocate(provider(name), callFrom(name));
    expect([answer.status, result]).toEqual([status, 'no_capacity']);
    expect(answer.body).toMatch(/All agents are busy|no pods available/);
  });

  it.each([
    ['twilio', 200],
    ['plivo', 200],
    ['exotel', 409],
  ])('returns the hang-up of %s when the call has ended', async (name, status) => {
    const { handler, provider } = scene({ allocate: async () => ({ kind: 'call-ended' }) });
    const { answer, result } = await handler.allocate(provider(name), callFrom(name));
    expect([answer.status, result]).toEqual([status, 'call_ended']);
    expect(answer.body).not.toMatch(/Say|Speak/);
  });

  it.each([
    ['twilio', 200, 'Something went wrong.'],
    ['plivo', 200, 'Something went wrong.'],
    ['exotel', 502, '"code":"STORE_UNAVAILABLE","request_id":"request-1"'],
  ])('returns the failure answer of %s when the store cannot be reached', async (name, status, text) => {
    const { handler, provider, observed } = scene({ allocate: () => Promise.reject(STORE_DOWN) });
    const outcome = await handler.allocate(provider(name), callFrom(name));
    expect(outcome.answer.status).toBe(status);
    expect(outcome.answer.body).toContain(text);
    expect(outcome.answer.body).not.toContain('10.0.0.7');
    expect(outcome).toMatchObject({ result: 'failed', error: STORE_DOWN });
    expect(observed).toEqual([`${name} failed`]);
  });

  it('returns no text of the error when something unexpected is thrown', async () => {
    const { handler, provider } = scene({ allocate: () => Promise.reject(new TypeError('x is not a function')) });
    const { answer } = await handler.allocate(provider('exotel'), callFrom('exotel'));
    expect(JSON.parse(answer.body)).toEqual({ error: 'internal error', code: 'INTERNAL', request_id: 'request-1' });
  });

  it('returns the failure answer when the core does not answer before the deadline', async () => {
    const { handler, provider } = scene({ allocate: () => new Promise(() => undefined), deadlineMs: 5 });
    const { answer, result, error } = await handler.allocate(provider('twilio'), callFrom('twilio'));
    expect([answer.status, result]).toEqual([200, 'failed']);
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });

  it.each(EACH_PROVIDER)('returns 400 without asking the core when the call id of %s is missing', async (name) => {
    const { handler, provider, asked, observed } = scene();
    const outcome = await handler.allocate(provider(name), receivedForm('/x', 'From=1'));
    expect(outcome).toMatchObject({ result: 'invalid', problem: `${CALL_ID_FIELD[name]} is required` });
    expect([outcome.answer.status, asked, observed]).toEqual([400, [], [`${name} invalid`]]);
  });

  it.each(EACH_PROVIDER)('ends the call when %s reports its end instead of its start', async (name) => {
    const { handler, provider, asked } = scene();
    const { answer, result } = await handler.allocate(provider(name), callFrom(name, '&CallStatus=completed'));
    expect([answer.status, result, asked]).toEqual([200, 'released', [endOf(name)]]);
  });

  it.each(EACH_PROVIDER)('answers the end of a call of %s with 502 when the store cannot be reached', async (name) => {
    const { handler, provider } = scene({ endCall: () => Promise.reject(STORE_DOWN) });
    const { answer } = await handler.allocate(provider(name), callFrom(name, '&CallStatus=completed'));
    expect(answer.status).toBe(502);
  });

  it.each([
    ['twilio', '&CallStatus=ringing&CallbackSource=call-progress-events', 'ongoing'],
    ['plivo', '&CallStatus=ringing&Event=Ring', 'ongoing'],
    ['exotel', '&EventType=answered&Status=in-progress', 'ongoing'],
    ['twilio', '&RecordingSid=RE1&RecordingStatus=completed', 'event'],
    ['plivo', '&Event=StartStream&StreamID=s-1', 'event'],
    ['exotel', '&Stream%5BStatus%5D=completed', 'event'],
  ])('returns 200 without asking the core when %s reports %s', async (name, more, result) => {
    const { handler, provider, asked, observed } = scene();
    const outcome = await handler.allocate(provider(name), callFrom(name, more));
    expect(outcome).toMatchObject({ result, callSid: 'c-1', answer: { status: 200 } });
    expect(outcome.answer.body).not.toMatch(/Stream|wss:/);
    expect([asked, observed]).toEqual([[], [`${name} ${result}`]]);
  });
});

describe('WebhookHandler when the store is away and the fallback shall be asked', () => {
  const never = () => new Promise<never>(() => undefined);

  it.each(EACH_PROVIDER)('answers %s with 502, and ends the call in the background where it must', async (name) => {
    const { handler, provider, toEnd } = scene({ storeDown: '503', allocate: () => Promise.reject(STORE_DOWN) });
    const { answer, result } = await handler.allocate(provider(name), callFrom(name));
    expect([answer.status, answer.headers['retry-after'], result]).toEqual([502, '1', 'failed']);
    expect(answer.body).not.toMatch(/Say|Speak|Hangup/);
    expect(toEnd).toEqual(name === 'exotel' ? [] : ['c-1']);
  });

  it.each(EACH_PROVIDER)('answers %s with 504 when the deadline ran out', async (name) => {
    const { handler, provider } = scene({ storeDown: '503', allocate: never, deadlineMs: 5 });
    expect((await handler.allocate(provider(name), callFrom(name))).answer.status).toBe(504);
  });

  it.each(['STORE_RECOVERING', 'WRONG_STORE', 'STORE_DAMAGED'])(
    'answers Twilio with 502 when it fails by %s',
    async (code) => {
      const failure = Object.assign(new Error('x'), { code });
      const { handler, provider } = scene({ storeDown: '503', allocate: () => Promise.reject(failure) });
      expect((await handler.allocate(provider('twilio'), callFrom('twilio'))).answer.status).toBe(502);
    },
  );

  it.each(EACH_PROVIDER)('answers %s by the code of the cause, and shows no text of either error', async (name) => {
    const failure = new Error('no chain for 10.0.0.8', { cause: STORE_DOWN });
    const { handler, provider } = scene({ storeDown: '503', allocate: () => Promise.reject(failure) });
    const { answer } = await handler.allocate(provider(name), callFrom(name));
    expect([answer.status, answer.body]).toEqual([502, expect.stringContaining('store unavailable')]);
    expect(answer.body).not.toMatch(/10\.0\.0|chain|ECONNREFUSED/);
  });

  it.each(['twilio', 'plivo'])(
    'speaks to %s all the same when no pod is free or something else is wrong',
    async (name) => {
      const full = scene({
        storeDown: '503',
        allocate: async () => ({
          kind: 'no-capacity',
          reason: 'full',
          attempts: [{ pool: 'standard', outcome: 'full' }],
        }),
      });
      const broken = scene({ storeDown: '503', allocate: () => Promise.reject(new TypeError('x')) });
      for (const { handler, provider } of [full, broken]) {
        const { answer } = await handler.allocate(provider(name), callFrom(name));
        expect([answer.status, answer.body]).toEqual([200, expect.stringMatching(/<(Say|Speak)>/)]);
      }
    },
  );
});

describe('WebhookHandler with a call of somebody else', () => {
  const foreign = async () => ({ kind: 'foreign-call' }) as const;

  it.each(EACH_PROVIDER)('refuses %s and shows nothing of the call', async (name) => {
    const { handler, provider, observed } = scene({ allocate: foreign });
    const outcome = await handler.allocate(provider(name), callFrom(name));
    expect(outcome).toMatchObject({ result: 'foreign_call', callSid: 'c-1', answer: { status: 403 } });
    expect([outcome.podName, observed]).toEqual([undefined, [`${name} foreign_call`]]);
  });

  it.each(EACH_PROVIDER)(
    'takes the report of %s that it has ended, in the name of its own calls alone',
    async (name) => {
      const { handler, provider, asked } = scene({ endCall: foreign, acceptUnverified: [name] });
      for (const operation of ['allocate', 'status'] as const) {
        const outcome = await handler[operation](provider(name), callFrom(name, '&CallStatus=completed'));
        expect(outcome).toMatchObject({ result: 'foreign_call', answer: { status: 200 } });
      }
      expect(asked).toEqual([endOf(name, [name]), endOf(name, [name])]);
    },
  );
});

describe('WebhookHandler without a secret for the provider', () => {
  it.each(EACH_PROVIDER)('refuses every webhook of %s when unverified ones are not accepted', async (name) => {
    const { handler, provider, asked, observed } = scene({ acceptUnverified: [] });
    for (const operation of ['allocate', 'status'] as const) {
      const outcome = await handler[operation](provider(name), callFrom(name, '&CallStatus=completed'));
      expect(outcome).toMatchObject({ result: 'refused', refusal: 'no_secret', answer: { status: 403 } });
    }
    expect(asked).toEqual([]);
    expect(observed).toContain(`${name} refused: no_secret`);
  });

  it('refuses the webhooks of that provider alone', async () => {
    const { handler, provider } = scene({
      acceptUnverified: [],
      settings: { exotel: { webhookTokens: () => [TOKEN] } },
    });
    const received = receivedForm(`/x?token=${TOKEN}`, 'CallSid=c-1');
    expect((await handler.allocate(provider('exotel'), received)).result).toBe('allocated');
  });
});

describe('WebhookHandler with a form of many fields', () => {
  const formOf = (name: string, fields: number) => callFrom(name, '&x=1'.repeat(fields - 1));

  it.each(EACH_PROVIDER.flatMap((name) => [499, 500].map((fields): [string, number] => [name, fields])))(
    'returns the way to the pod when %s sends %d',
    async (name, fields) => {
      const { handler, provider } = scene();
      expect((await handler.allocate(provider(name), formOf(name, fields))).result).toBe('allocated');
    },
  );

  it.each(EACH_PROVIDER)('returns 400 without asking the core when %s sends 501', async (name) => {
    const { handler, provider, asked } = scene();
    const outcome = await handler.allocate(provider(name), formOf(name, 501));
    expect(outcome).toMatchObject({ result: 'invalid', answer: { status: 400 } });
    expect(outcome.problem).toBe('a form may have 500 fields');
    expect(asked).toEqual([]);
  });
});

describe('WebhookHandler with secrets configured', () => {
  const settings = {
    twilio: { authTokens: () => [TOKEN] },
    plivo: { authTokens: () => [TOKEN], acceptV2: false },
    exotel: { webhookTokens: () => [TOKEN] },
  };

  it.each([
    ['twilio', 403, 'missing_signature'],
    ['plivo', 403, 'missing_signature'],
    ['exotel', 401, 'missing_token'],
  ])('returns a refusal without asking the core when %s did not sign', async (name, status, reason) => {
    const { handler, provider, asked, observed } = scene({ settings });
    for (const operation of ['allocate', 'status'] as const) {
      const outcome = await handler[operation](provider(name), callFrom(name, '&CallStatus=completed'));
      expect(outcome).toMatchObject({ result: 'refused', refusal: reason, answer: { status } });
    }
    expect(asked).toEqual([]);
    expect(observed).toEqual([
      `${name} refused: ${reason}`,
      `${name} refused`,
      `${name} refused: ${reason}`,
      `${name} refused`,
    ]);
  });

  it('returns the way to the pod when the public URL was signed', async () => {
    const { handler, provider } = scene({ settings: { ...settings, strictIds: false } });
    const received = callFrom('plivo');
    const { publicUrls, rawBody } = formRequest(received.originalUrl, received.rawBody.toString());
    const form = new URLSearchParams(rawBody.toString());
    const signature = signatureV3(TOKEN, { method: 'POST', url: publicUrls[0], form, nonce: 'n' });
    const headers = {
      ...received.headers,
      'x-plivo-signature-v3': signature,
      'x-plivo-signature-v3-nonce': 'n',
    };
    expect(publicUrls).toEqual(['https://calls.example.com/x?merchant_id=acme&flow=sales']);
    expect((await handler.allocate(provider('plivo'), { ...received, headers })).result).toBe('allocated');
  });
});

describe('WebhookHandler.status', () => {
  const statusFrom = (name: string, status: string) =>
    receivedForm('/x', `${CALL_ID_FIELD[name]}=c-1&${name === 'exotel' ? 'Status' : 'CallStatus'}=${status}`);

  it.each(EACH_PROVIDER)('ends the call when %s reports a terminal state', async (name) => {
    const { handler, provider, asked, observed } = scene();
    const outcome = await handler.status(provider(name), statusFrom(name, 'completed'));
    expect(outcome).toMatchObject({ result: 'released', callSid: 'c-1', podName: 'p-1', callStatus: 'completed' });
    expect([outcome.answer.status, asked, observed]).toEqual([200, [endOf(name)], [`${name} released`]]);
  });

  it.each(['call +919812345678', 'x'.repeat(33), 'a\nb', '7'])(
    'calls a state other when its word is %j',
    async (word) => {
      const { handler, provider } = scene();
      const outcome = await handler.status(provider('twilio'), statusFrom('twilio', encodeURIComponent(word)));
      expect(outcome).toMatchObject({ result: 'ongoing', callStatus: 'other' });
    },
  );

  it('returns 200 when the call is not known', async () => {
    const { handler, provider } = scene({ endCall: async () => ({ kind: 'unknown-call' }) });
    const { answer, result } = await handler.status(provider('twilio'), statusFrom('twilio', 'busy'));
    expect([answer.status, result]).toEqual([200, 'unknown_call']);
  });

  it.each(EACH_PROVIDER)('returns 200 without asking the core when a call of %s continues', async (name) => {
    const { handler, provider, asked } = scene();
    const outcome = await handler.status(provider(name), statusFrom(name, 'in-progress'));
    expect(outcome).toMatchObject({ result: 'ongoing', callSid: 'c-1', answer: { status: 200 } });
    expect(asked).toEqual([]);
  });

  it.each(EACH_PROVIDER)('returns 502 to %s when the store cannot be reached', async (name) => {
    const { handler, provider } = scene({ endCall: () => Promise.reject(STORE_DOWN) });
    const { answer, result } = await handler.status(provider(name), statusFrom(name, 'completed'));
    expect([answer.status, result]).toEqual([502, 'failed']);
    expect(answer.body).toContain('store unavailable');
  });

  it.each(EACH_PROVIDER)('takes no pod when %s names nothing but a call', async (name) => {
    const { handler, provider, asked } = scene();
    const outcome = await handler.status(provider(name), callFrom(name));
    expect(outcome).toMatchObject({ result: 'ongoing', callSid: 'c-1', callStatus: 'other', answer: { status: 200 } });
    expect(asked).toEqual([]);
  });

  it('names what a report is about', async () => {
    const { handler, provider } = scene();
    const outcome = await handler.status(provider('twilio'), receivedForm('/x', 'RecordingSid=RE1'));
    expect(outcome).toMatchObject({ result: 'event', callEvent: 'recording', answer: { status: 200 } });
    expect(outcome.callSid).toBeUndefined();
  });
});
