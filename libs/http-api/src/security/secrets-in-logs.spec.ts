import { registry } from '@smart-router/metrics';
import { startTestApi, type TestApi, FORM } from '../testing/test-api';

const CANARIES = {
  readKey: 'canary-read-key-01',
  writeKey: 'canary-write-key-02',
  twilio: 'canary-twilio-03',
  plivo: 'canary-plivo-04',
  exotel: 'canary-exotel-05',
};
const PHONE_NUMBERS = ['+919812345678', '+14155550123'];

const ENV = {
  API_KEYS: `dashboard:read:${CANARIES.readKey},agents:write:${CANARIES.writeKey}`,
  TWILIO_AUTH_TOKEN: CANARIES.twilio,
  PLIVO_AUTH_TOKEN: CANARIES.plivo,
  EXOTEL_WEBHOOK_TOKEN: CANARIES.exotel,
};

const [CALLER = '', CALLED = ''] = PHONE_NUMBERS;

let api: TestApi;
let texts: string[];

/** Sends every secret wherever a client may put it, rightly or wrongly, and the phone numbers of a call. */
beforeAll(async () => {
  api = await startTestApi(ENV);
  const answers = [];
  const form = new URLSearchParams({
    CallSid: 'c-1',
    From: CALLER,
    To: CALLED,
    CallStatus: `calls ${CALLED}`,
  }).toString();
  for (const secret of Object.values(CANARIES)) {
    const headers = {
      authorization: `Bearer ${secret}`,
      cookie: `session=${secret}`,
      'x-request-id': `${secret}!`,
      'x-twilio-signature': secret,
      'x-plivo-signature-v3': secret,
      'x-plivo-signature-v3-nonce': secret,
      'user-agent': secret,
      'content-type': `text/${secret}`,
    };
    const basic = { authorization: `Basic ${Buffer.from(`exotel:${secret}`).toString('base64')}` };
    answers.push(
      await api.get(`/api/v1/status?token=${secret}`, headers),
      await api.get(`/${secret}`, headers),
      await api.get(`/api/v1/pod/%zz${secret}`, headers),
      await api.post('/api/v1/allocate', `{"call_sid":"a b ${CALLER}","token":"${secret}"`, headers),
      await api.post('/api/v1/allocate', { call_sid: `${CALLER}`, merchant_id: 'm', token: secret }, headers),
      await api.post('/api/v1/release', { call_sid: 'c-1', password: secret }, headers),
      await api.post(`/api/v1/twilio/allocate?token=${secret}`, form, { ...headers, ...FORM }),
      await api.post('/api/v1/plivo/status', form.replace('CallSid', 'CallUUID'), { ...headers, ...FORM }),
      await api.get(`/api/v1/exotel/allocate?CallSid=c-2&token=${secret}&From=${encodeURIComponent(CALLER)}`),
      await api.post('/api/v1/exotel/status', form.replace('CallStatus', 'Status'), { ...basic, ...FORM }),
    );
  }
  texts = [
    ...answers.map(({ text, headers }) => text + JSON.stringify(headers)),
    ...api.logs.map((line) => JSON.stringify(line)),
    await registry.metrics(),
    ...(await Promise.all(['/docs-json', '/docs/swagger-ui-init.js'].map((path) => api.get(path)))).map(
      ({ text }) => text,
    ),
  ];
});
afterAll(() => api.close());

it.each(Object.entries(CANARIES))(
  'the secret of %s stands in no log line, answer, metric or document',
  (_name, canary) => {
    expect(texts.filter((text) => text.includes(canary))).toEqual([]);
  },
);

it.each(PHONE_NUMBERS)('the phone number %s stands in no log line', (number) => {
  const digits = number.slice(1);
  expect(api.logs.filter((line) => JSON.stringify(line).includes(digits))).toEqual([]);
});

it('the requests were logged', () => {
  expect(api.logs.filter((line) => line['msg'] === 'request').length).toBeGreaterThanOrEqual(45);
});
