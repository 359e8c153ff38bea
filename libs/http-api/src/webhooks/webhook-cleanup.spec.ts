import { StoreUnavailableError } from '@smart-router/routing-store';
import { FORM } from '../testing/test-api';
import { apiOfEachTest } from '../testing/use-test-api';

const api = apiOfEachTest();

const liveCalls = async () => (await api.store.reader.calls({ limit: 10 })).items.map((call) => call.callSid);

/** From now on the operation is carried out, but nobody hears of it; `restore` ends that. */
function loseAnswers(operation: 'allocate' | 'endCall'): { restore: () => void } {
  const original = api.store.calls[operation].bind(api.store.calls) as (argument: unknown) => Promise<unknown>;
  Object.assign(api.store.calls, {
    [operation]: async (argument: unknown) => {
      await original(argument);
      throw new StoreUnavailableError(new Error('connection lost'));
    },
  });
  return { restore: () => void Object.assign(api.store.calls, { [operation]: original }) };
}

/** From now on the store cannot be asked for the operation; `restore` ends that. */
function refuse(operation: 'endCall'): { restore: () => void } {
  const original = api.store.calls[operation].bind(api.store.calls);
  Object.assign(api.store.calls, {
    [operation]: () => Promise.reject(new StoreUnavailableError(new Error('cut off'))),
  });
  return { restore: () => void Object.assign(api.store.calls, { [operation]: original }) };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a webhook whose allocation was carried out unheard', () => {
  it.each([
    ['twilio', 'CallSid=call-1'],
    ['plivo', 'CallUUID=call-1'],
  ])('holds no pod and gets none later when %s was asked to hang up', async (provider, form) => {
    const { restore } = loseAnswers('allocate');
    const { text } = await api.post(`/api/v1/${provider}/allocate`, form, FORM);
    expect(text).toContain('<Hangup');
    await settled();
    expect(await liveCalls()).toEqual([]);

    restore();
    const again = await api.post(`/api/v1/${provider}/allocate`, form, FORM);
    expect(again.text).toContain('<Hangup');
    expect(await liveCalls()).toEqual([]);
  });

  it('keeps its pod for the next try when Exotel was asked to try again', async () => {
    const { restore } = loseAnswers('allocate');
    expect((await api.post('/api/v1/exotel/allocate', { CallSid: 'call-1' })).status).toBe(502);
    await settled();
    restore();
    expect((await api.post('/api/v1/exotel/allocate', { CallSid: 'call-1' })).status).toBe(200);
    expect(await liveCalls()).toEqual(['call-1']);
  });

  it('holds no pod when the process shuts down before the store is back', async () => {
    loseAnswers('allocate');
    const { restore } = refuse('endCall');
    await api.post('/api/v1/twilio/allocate', 'CallSid=call-1', FORM);
    await settled();
    expect(await liveCalls()).toEqual(['call-1']);

    restore();
    await api.close();
    expect(await liveCalls()).toEqual([]);
  });
});
