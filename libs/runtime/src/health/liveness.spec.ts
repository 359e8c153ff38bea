import type { Logger } from '@smart-router/logging';
import type { Settings } from '@smart-router/settings';
import { Liveness } from './liveness';

describe('Liveness', () => {
  const logged: string[] = [];
  const logger = { error: (_fields: object, message: string) => void logged.push(message) } as unknown as Logger;
  const livenessOf = (limitMs: number): Liveness =>
    new Liveness({ livenessStoreTimeoutMs: limitMs } as unknown as Settings, logger);

  beforeEach(() => {
    logged.length = 0;
  });

  it.each([
    ['there is no outage', 1_000, null, false],
    ['the outage is shorter than the bound', 1_000, 999, false],
    ['the outage is longer than the bound', 1_000, 1_001, true],
    ['no bound is set', 0, 1_000_000, false],
  ])('returns the right answer when %s', (_name, limitMs, lastsMs, isLost) => {
    const liveness = livenessOf(limitMs);
    liveness.watchStore(() => (lastsMs === null ? null : { lastsMs, code: 'ECONNREFUSED' }));

    expect(liveness.isLost).toBe(isLost);
  });

  it('returns that the process is of use when nobody has a store', () => {
    expect(livenessOf(1_000).isLost).toBe(false);
  });

  it('logs each outage once', () => {
    const liveness = livenessOf(1_000);
    let lastsMs = 0;
    liveness.watchStore(() => ({ lastsMs, code: 'ECONNREFUSED' }));

    for (lastsMs of [2_000, 3_000, 0, 2_000]) void liveness.isLost;

    expect(logged).toHaveLength(2);
  });
});
