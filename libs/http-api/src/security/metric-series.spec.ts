import { registry } from '@smart-router/metrics';
import { FORM } from '../testing/test-api';
import { apiOfAllTests } from '../testing/use-test-api';

const api = apiOfAllTests();

async function series(): Promise<number> {
  // Those of Node itself come up when it first does something, as a kind of garbage collection.
  return (await registry.metrics()).split('\n').filter((line) => /^(smart_router|http)_/.test(line)).length;
}

/** Each once: what a series is made of shows up with its first value. */
async function ask(name: string): Promise<void> {
  await api.post('/api/v1/allocate', { call_sid: `call-${name}`, merchant_id: `merchant-${name}` });
  await api.store.calls.release(`call-${name}`);
}

async function askElsewhere(name: string): Promise<void> {
  await api.get(`/api/v1/pod/pod-${name}`);
  await api.get(`/api/v1/merchants/merchant-${name}`);
  await api.get(`/unknown-${name}`);
  await api.post(`/api/v1/provider-${name}/allocate`, {});
  await api.post('/api/v1/twilio/status', `CallSid=c-${name}&CallStatus=status-${name}`, FORM);
  await api.send('PUT', `/api/v1/merchants/m-${name}`, { tier: `tier-${name}`, fallback: [] });
  await api.post('/api/v1/allocate', { call_sid: `c-${name}`, merchant_id: `m-${name}` });
}

describe('the number of series', () => {
  it('stays the same when 10,000 merchants are made up', async () => {
    await ask('first');
    const before = await series();
    for (let index = 0; index < 10_000; index++) await ask(String(index));
    expect(await series()).toBe(before);
  }, 120_000);

  it('stays the same when everything else is made up that a client can send', async () => {
    // The first calls get the free pods one by one, later ones find none.
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await askElsewhere(name);
    const before = await series();
    for (let index = 0; index < 300; index++) await askElsewhere(String(index));
    expect(await series()).toBe(before);
  });
});
