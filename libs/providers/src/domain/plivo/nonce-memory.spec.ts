import { NonceMemory } from './nonce-memory';

function memory(maxNonces?: number) {
  let now = 1_000;
  const nonces = new NonceMemory({ now: () => now, retryMs: 60, memoryMs: 600, maxNonces });
  return { nonces, pass: (ms: number) => (now += ms) };
}

describe('NonceMemory', () => {
  it('returns fresh when the nonce is new', () => {
    expect(memory().nonces.use('a', 'request')).toBe('fresh');
  });

  it('returns retry as long as a retry may come, and replayed after that', () => {
    const { nonces, pass } = memory();
    nonces.use('a', 'request');
    pass(60);
    expect(nonces.use('a', 'request')).toBe('retry');
    pass(1);
    expect(nonces.use('a', 'request')).toBe('replayed');
  });

  it('returns replayed when another request has the nonce', () => {
    const { nonces } = memory();
    nonces.use('a', 'request');
    expect(nonces.use('a', 'other request')).toBe('replayed');
  });

  it('returns fresh when the nonce is forgotten', () => {
    const { nonces, pass } = memory();
    nonces.use('a', 'request');
    pass(600);
    expect(nonces.use('a', 'request')).toBe('replayed');
    pass(1);
    expect(nonces.use('a', 'request')).toBe('fresh');
  });

  it('forgets the oldest when there are too many', () => {
    const { nonces } = memory(2);
    nonces.use('a', 'request');
    nonces.use('b', 'request');
    nonces.use('c', 'request');
    expect([nonces.use('c', 'other'), nonces.use('a', 'other')]).toEqual(['replayed', 'fresh']);
  });
});
