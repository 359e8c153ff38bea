import { ALLOCATED, callFrom, EACH_PROVIDER, scene, STORE_DOWN } from '../testing/handler-scene';
import type { Allocation, ForeignCall } from '@smart-router/allocator';

describe('WebhookHandler when the outcome in the store is not known', () => {
  const failing = { allocate: () => Promise.reject(STORE_DOWN), endCall: () => Promise.reject(STORE_DOWN) };
  const never = () => new Promise<never>(() => undefined);

  it.each(['twilio', 'plivo'])('has the call ended when %s is asked to hang up', async (name) => {
    const { handler, provider, toEnd } = scene(failing);
    const outcome = await handler.allocate(provider(name), callFrom(name));
    expect([outcome.result, outcome.callSid, toEnd]).toEqual(['failed', 'c-1', ['c-1']]);
  });

  it.each(['twilio', 'plivo'])('has the call ended when the deadline of %s ran out', async (name) => {
    const { handler, provider, toEnd } = scene({ allocate: never, deadlineMs: 5 });
    await handler.allocate(provider(name), callFrom(name));
    expect(toEnd).toEqual(['c-1']);
  });

  it('leaves the call alone when Exotel is asked to try again', async () => {
    const { handler, provider, toEnd } = scene(failing);
    const { answer } = await handler.allocate(provider('exotel'), callFrom('exotel'));
    expect([answer.status, toEnd]).toEqual([502, []]);
  });

  it.each(EACH_PROVIDER)('has the call ended when its end as reported by %s could not be stored', async (name) => {
    const { handler, provider, toEnd } = scene(failing);
    const field = name === 'exotel' ? 'Status' : 'CallStatus';
    await handler.status(provider(name), callFrom(name, `&${field}=completed`));
    expect(toEnd).toEqual(['c-1']);
  });

  it('has the call ended when its end was reported in place of its start', async () => {
    const { handler, provider, toEnd } = scene(failing);
    await handler.allocate(provider('plivo'), callFrom('plivo', '&CallStatus=completed'));
    expect(toEnd).toEqual(['c-1']);
  });

  it.each(['allocated', 'no-capacity', 'call-ended'])('leaves the call alone when it is known: %s', async (kind) => {
    const outcome = kind === 'allocated' ? ALLOCATED : ({ kind } as Allocation | ForeignCall);
    const { handler, provider, toEnd } = scene({ allocate: async () => outcome });
    await handler.allocate(provider('twilio'), callFrom('twilio'));
    expect(toEnd).toEqual([]);
  });

  it.each(EACH_PROVIDER)(
    'returns the hang-up of %s and takes no pod while the call waits for its end',
    async (name) => {
      const { handler, provider, asked } = scene({ pending: ['c-1'] });
      const { result } = await handler.allocate(provider(name), callFrom(name));
      expect([result, asked]).toEqual(['call_ended', []]);
    },
  );

  it.each(EACH_PROVIDER)('leaves the call alone when %s could not be verified', async (name) => {
    const { handler, provider, toEnd } = scene({ ...failing, acceptUnverified: [] });
    await handler.allocate(provider(name), callFrom(name));
    await handler.status(provider(name), callFrom(name, '&CallStatus=completed'));
    expect(toEnd).toEqual([]);
  });
});
