import { AddressLimit } from './address-limit';

function scene(max: number) {
  let nowMs = 0;
  const limit = new AddressLimit({ max, windowMs: 1_000, now: () => nowMs });
  const count = (address: string, times: number) => {
    for (let i = 0; i < times; i += 1) limit.count(address);
  };
  return { limit, count, advance: (ms: number) => (nowMs += ms) };
}

describe('AddressLimit', () => {
  it('is exceeded for an address as soon as it has done so much within the window, and not for others', () => {
    const { limit, count } = scene(2);
    count('192.0.2.1', 1);
    expect(limit.isExceeded('192.0.2.1')).toBe(false);
    count('192.0.2.1', 1);
    expect([limit.isExceeded('192.0.2.1'), limit.isExceeded('192.0.2.2')]).toEqual([true, false]);
  });

  it('begins anew when the window is over', () => {
    const { limit, count, advance } = scene(1);
    count('192.0.2.1', 1);
    advance(999);
    expect(limit.isExceeded('192.0.2.1')).toBe(true);
    advance(1);
    expect(limit.isExceeded('192.0.2.1')).toBe(false);
    count('192.0.2.1', 1);
    expect(limit.isExceeded('192.0.2.1')).toBe(true);
  });

  it('is never exceeded when there is none', () => {
    const { limit, count } = scene(0);
    count('192.0.2.1', 100);
    expect(limit.isExceeded('192.0.2.1')).toBe(false);
  });

  it('remembers 10,000 addresses, the latest', () => {
    const { limit, count } = scene(1);
    for (let i = 0; i <= 10_000; i += 1) count(`address-${i}`, 1);
    const exceeded = [0, 1, 10_000].map((i) => limit.isExceeded(`address-${i}`));
    expect(exceeded).toEqual([false, true, true]);
  });
});
