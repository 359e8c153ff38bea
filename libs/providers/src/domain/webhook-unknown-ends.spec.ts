import { callFrom, EACH_PROVIDER, scene } from '../testing/handler-scene';

const TOKEN = 'secret';

describe('WebhookHandler with ends of calls that are not known', () => {
  const unknown = async () => ({ kind: 'unknown-call' }) as const;
  const ended = (name: string, clientAddress = '192.0.2.1') => ({
    ...callFrom(name, name === 'exotel' ? '&Status=completed' : '&CallStatus=completed'),
    originalUrl: `/x?token=${TOKEN}`,
    clientAddress,
  });

  it.each(EACH_PROVIDER)('returns 429 to %s when too many are remembered', async (name) => {
    const { handler, provider, observed } = scene({ endCall: async () => ({ kind: 'too-many-unknown' }) });
    for (const operation of ['status', 'allocate'] as const) {
      const { answer, result } = await handler[operation](provider(name), ended(name));
      expect([answer.status, result]).toEqual([429, 'too_many_unknown']);
      expect(answer.body).toContain('too many ends of unknown calls');
    }
    expect(observed).toEqual([`${name} too_many_unknown`, `${name} too_many_unknown`]);
  });

  it.each(EACH_PROVIDER)('lets an address have no more of them remembered for %s than it may', async (name) => {
    const { handler, provider, asked } = scene({ endCall: unknown });
    for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2']) {
      await handler.status(provider(name), ended(name, address));
    }
    const limits = asked.map((call) => (call as { maxUnknown: number }).maxUnknown);
    expect(limits).toEqual([9, 9, 0, 9]);
  });

  it('counts none that ended a call, nor any of a provider that is verified', async () => {
    const live = scene();
    const verified = scene({ endCall: unknown, settings: { exotel: { webhookTokens: () => [TOKEN] } } });
    for (const { handler, provider, asked } of [live, verified]) {
      for (let i = 0; i < 5; i += 1) await handler.status(provider('exotel'), ended('exotel'));
      expect(asked.at(-1)).toMatchObject({ maxUnknown: 9 });
    }
  });
});
