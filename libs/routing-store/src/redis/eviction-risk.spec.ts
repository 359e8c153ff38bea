import { evictionRisk, memoryLimit } from './eviction-risk';

const info = (maxBytes: number, policy: string): string =>
  `# Memory\r\nused_memory:1\r\nmaxmemory:${maxBytes}\r\nmaxmemory_human:x\r\nmaxmemory_policy:${policy}\r\n`;

describe('evictionRisk', () => {
  it.each([
    ['none', 'noeviction', 0],
    ['none', 'noeviction', 1_000_000],
    ['without-limit', 'allkeys-lru', 0],
    ['possible', 'allkeys-lru', 1_000_000],
    ['possible', 'volatile-ttl', 1_000_000],
  ])('returns %s when the policy is %s and the limit %d', (risk, policy, maxBytes) => {
    expect(memoryLimit(info(maxBytes, policy))).toEqual({ policy, maxBytes });
    expect(evictionRisk(memoryLimit(info(maxBytes, policy)))).toBe(risk);
  });

  it('returns that it is unknown when the server says nothing of it', () => {
    expect(evictionRisk(memoryLimit(''))).toBe('unknown');
  });
});
