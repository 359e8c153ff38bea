import { ALLOCATED } from '../testing/handler-scene';
import type { AllocatedCall } from './call-operations';
import { OwnedCalls } from './owned-calls';

const EXISTING = { ...ALLOCATED, wasExisting: true };
const FOREIGN = { kind: 'foreign-call' };
const RELEASED = { kind: 'released', podName: 'p-1' } as const;

interface Scene {
  readonly outcome?: AllocatedCall;
  /** Of the call that lives; `undefined`: it does not. */
  readonly owner?: string | null;
  readonly isTrusted?: boolean;
}

function scene({ outcome = EXISTING, owner, isTrusted = false }: Scene) {
  const done: string[] = [];
  const calls = new OwnedCalls({
    calls: {
      allocate: async () => outcome,
      endCall: async (callSid) => {
        done.push(`end ${callSid}`);
        return RELEASED;
      },
      ownerOf: async (callSid) => {
        done.push(`owner of ${callSid}`);
        return owner === undefined ? null : { provider: owner };
      },
    },
    isTrusted: () => isTrusted,
  });
  const allocate = () => calls.allocate({ callSid: 'c-1', merchantId: '', provider: 'twilio' });
  return { done, allocate, endCall: () => calls.endCall('twilio', 'c-1') };
}

describe('OwnedCalls', () => {
  it.each<[string, Scene]>([
    ['of its own', { owner: 'twilio' }],
    ['of its own, as a client of the API wrote its name', { owner: 'Twilio' }],
    ['that does not live', {}],
    ['of the API when the provider is trusted', { owner: null, isTrusted: true }],
  ])('lets a provider end and see a call %s', async (_whose, options) => {
    const { allocate, endCall, done } = scene(options);
    expect(await allocate()).toEqual(EXISTING);
    expect([await endCall(), done.at(-1)]).toEqual([RELEASED, 'end c-1']);
  });

  it.each<[string, Scene]>([
    ['of another provider', { owner: 'exotel' }],
    ['of another provider, although it is trusted', { owner: 'exotel', isTrusted: true }],
    ['of the API', { owner: null }],
  ])('lets a provider neither end nor see a call %s', async (_whose, options) => {
    const { allocate, endCall, done } = scene(options);
    expect([await allocate(), await endCall()]).toEqual([FOREIGN, FOREIGN]);
    expect(done).not.toContain('end c-1');
  });

  it.each<AllocatedCall>([
    ALLOCATED,
    { kind: 'no-capacity', reason: 'full', attempts: [{ pool: 'standard', outcome: 'full' }] },
    { kind: 'call-ended' },
  ])('asks for no owner when the allocation shows nothing of an older call: %j', async (outcome) => {
    const { allocate, done } = scene({ outcome, owner: 'exotel' });
    expect([await allocate(), done]).toEqual([outcome, []]);
  });
});
