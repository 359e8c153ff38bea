import { ReplayMemory } from './replay-memory';

function memory(maxRequests?: number) {
  let now = 1_000;
  const replays = new ReplayMemory({ now: () => now, retryMs: 60, memoryMs: 600, maxRequests });
  return { replays, pass: (ms: number) => (now += ms) };
}

describe('ReplayMemory', () => {
  it('returns fresh when the text is new', () => {
    expect(memory().replays.use('a', 'request')).toBe('fresh');
  });

  it('returns retry as long as a retry may come, and replayed after that', () => {
    const { replays, pass } = memory();
    replays.use('a', 'request');
    pass(60);
    expect(replays.use('a', 'request')).toBe('retry');
    pass(1);
    expect(replays.use('a', 'request')).toBe('replayed');
  });

  it('returns replayed when another request has the same signed text', () => {
    const { replays } = memory();
    replays.use('a', 'request');
    expect(replays.use('a', 'other request')).toBe('replayed');
  });

  it('returns fresh when the text is forgotten', () => {
    const { replays, pass } = memory();
    replays.use('a', 'request');
    pass(600);
    expect(replays.use('a', 'request')).toBe('replayed');
    pass(1);
    expect(replays.use('a', 'request')).toBe('fresh');
  });

  it('forgets the oldest when there are too many', () => {
    const { replays } = memory(2);
    replays.use('a', 'request');
    replays.use('b', 'request');
    replays.use('c', 'request');
    expect([replays.use('c', 'other'), replays.use('a', 'other')]).toEqual(['replayed', 'fresh']);
  });
});
