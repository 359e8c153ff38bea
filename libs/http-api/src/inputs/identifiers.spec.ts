import { type TestApi } from '../testing/test-api';
import { apiOfAllTests } from '../testing/use-test-api';

const api = apiOfAllTests();

type Send = (identifier: string) => ReturnType<TestApi['get']>;

/** Every place that takes an identifier, with the status of a good one that names nothing. */
const PLACES: readonly (readonly [place: string, field: string, good: number, send: Send])[] = [
  ['allocate call_sid', 'call_sid', 200, (id) => release(id, api.post('/api/v1/allocate', { call_sid: id }))],
  ['allocate merchant_id', 'merchant_id', 200, (id) => allocateFor(id)],
  ['release call_sid', 'call_sid', 404, (id) => api.post('/api/v1/release', { call_sid: id })],
  ['drain pod_name', 'pod_name', 404, (id) => api.post('/api/v1/drain', { pod_name: id })],
  ['undrain pod_name', 'pod_name', 404, (id) => api.post('/api/v1/undrain', { pod_name: id })],
  ['GET pod', 'pod_name', 404, (id) => api.get(`/api/v1/pod/${encodeURIComponent(id)}`)],
  ['GET call', 'call_sid', 404, (id) => api.get(`/api/v1/calls/${encodeURIComponent(id)}`)],
  ['heartbeat', 'call_sid', 404, (id) => api.post(`/api/v1/calls/${encodeURIComponent(id)}/heartbeat`)],
  ['GET merchant', 'merchant_id', 404, (id) => api.get(`/api/v1/merchants/${encodeURIComponent(id)}`)],
  ['PUT merchant', 'merchant_id', 200, (id) => api.put(`/api/v1/merchants/${encodeURIComponent(id)}`, {})],
  ['DELETE merchant', 'merchant_id', 404, (id) => api.delete(`/api/v1/merchants/${encodeURIComponent(id)}`)],
  ['merchant filter', 'merchant', 200, (id) => api.get(`/api/v1/calls?merchant=${encodeURIComponent(id)}`)],
];

async function release<T>(callSid: string, answer: Promise<T>): Promise<T> {
  const result = await answer;
  await api.store.calls.release(callSid);
  return result;
}

function allocateFor(merchant_id: string) {
  return release('call-1', api.post('/api/v1/allocate', { call_sid: 'call-1', merchant_id }));
}

const RULE = /must be (empty or )?1 to 128 characters of A-Z a-z 0-9 \. _ : ~ -, not \. or \.\.(, and not export)?$/;

/** What the place answers: the field that the error names, where it is that of the rule. */
async function answerOf(place: string, send: Send, identifier: string) {
  const { status, body } = await send(identifier);
  const error = String(body['error']);
  return { place, status, field: RULE.test(error) ? error.split(' ')[0] : undefined };
}

describe('an identifier', () => {
  it.each(['x'.repeat(128), 'A-Z_z.0~9:'])('is taken at every place when it is %p', async (identifier) => {
    for (const [place, , good, send] of PLACES) {
      const { status } = await send(identifier);
      // An earlier example may have stored the merchant.
      expect([place, [good, 200].includes(status)]).toEqual([place, true]);
    }
  });

  // A path is decoded before it is checked.
  it.each(['x'.repeat(129), 'x'.repeat(5000), 'a b', 'a/b', 'a%b', '../x', 'a\u0000b', 'a\nb', '😀'])(
    'is refused by its rule at every place when it is %p',
    async (identifier) => {
      for (const [place, field, , send] of PLACES) {
        expect(await answerOf(place, send, identifier)).toEqual({ place, status: 400, field });
      }
    },
  );

  it.each(['.', '..'])('is not %p, as clients resolve that in a path before they send it', async (step) => {
    const inBodiesAndQueries = PLACES.filter(([place]) => !/^(GET|PUT|DELETE|heartbeat)/.test(place));
    for (const [place, field, , send] of inBodiesAndQueries) {
      expect(await answerOf(place, send, step)).toEqual({ place, status: 400, field });
    }
  });

  it.each(['allocate', 'release', 'drain', 'undrain'])('is required, and a text, in the body of %s', async (route) => {
    const field = /drain/.test(route) ? 'pod_name' : 'call_sid';
    const errorOf = async (body: object) => (await api.post(`/api/v1/${route}`, body)).body['error'];
    for (const body of [{}, { [field]: '' }, { [field]: null }])
      expect(await errorOf(body)).toBe(`${field} is required`);
    for (const value of [7, true, [], ['a'], { a: 1 }]) expect(await errorOf({ [field]: value })).toMatch(RULE);
  });

  it('may be left out where it is that of a merchant, and is a text otherwise', async () => {
    for (const merchant_id of [7, true, [], {}]) {
      const { status, body } = await api.post('/api/v1/allocate', { call_sid: 'call-1', merchant_id });
      expect({ status, field: String(body['error']).split(' ')[0] }).toEqual({ status: 400, field: 'merchant_id' });
    }
  });
});

describe('. and ..', () => {
  it.each(['provider', 'flow', 'template'])(
    'are no %s of a call, where they would lead elsewhere in its URL',
    async (field) => {
      const send = (text: string) => api.post('/api/v1/allocate', { call_sid: 'step-1', [field]: text });
      expect([(await send('.')).status, (await send('..')).status, (await send('...')).status]).toEqual([
        400, 400, 200,
      ]);
      await api.store.calls.release('step-1');
    },
  );

  it.each(['.', '..'])('%s is the name of no tier and no pool', async (name) => {
    expect((await api.put('/api/v1/merchants/x', { pool: name })).status).toBe(422);
    expect((await api.put('/api/v1/tier-config?dry_run=true', { [name]: 1, gold: 1 })).status).toBe(422);
    expect((await api.get(`/api/v1/pods?tier=${name}`)).status).toBe(400);
  });
});
