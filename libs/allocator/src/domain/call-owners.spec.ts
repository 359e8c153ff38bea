import { storeWith } from '../testing/fleet-setup';
import { CallOwners } from './call-owners';

const ALLOCATE = { merchantId: '', chain: ['standard'], knownMerchantConfig: null };

describe('CallOwners', () => {
  it('returns the provider that brought the call, and none where none was named', async () => {
    const store = await storeWith({ 'pod-0': 'standard', 'pod-1': 'standard' });
    await store.allocate({ callSid: 'CA1', ...ALLOCATE, provider: 'twilio' });
    await store.allocate({ callSid: 'CA2', ...ALLOCATE });
    const owners = new CallOwners(store);
    expect([await owners.ownerOf('CA1'), await owners.ownerOf('CA2')]).toEqual([
      { provider: 'twilio' },
      { provider: null },
    ]);
  });

  it('returns nobody when the call has ended or never lived', async () => {
    const store = await storeWith({ 'pod-0': 'standard' });
    await store.allocate({ callSid: 'CA1', ...ALLOCATE, provider: 'twilio' });
    await store.release('CA1');
    const owners = new CallOwners(store);
    expect([await owners.ownerOf('CA1'), await owners.ownerOf('CA2')]).toEqual([null, null]);
  });
});
