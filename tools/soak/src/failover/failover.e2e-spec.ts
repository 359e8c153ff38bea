import { CLIENTS_PER_API } from './load';
import { measure } from './measure';
import type { Outcome } from './outcome';

// A machine that is busy with other tests brings processes back later than one that serves: they get longer to report.
const SHORT = { beforeMs: 2_000, afterMs: 3_000, env: { REDIS_FAILOVER_HOLD: '4s' } };
const INTACT = { callsOnTwoPods: 0, leaks: 0, stuck: 0 };

/** No figure of a failover means anything where no calls were made before and after it. */
function expectTraffic({ acknowledged, unanswered }: Outcome): void {
  expect(acknowledged).toBeGreaterThan(50);
  expect(unanswered).toBeGreaterThan(0);
}

describe('calls while Redis fails', () => {
  it('are all known again when the master is killed, with WAIT', async () => {
    const result = await measure('master killed', 'both, WAIT 1', SHORT);
    expect(result).toMatchObject({ ...INTACT, lost: 0, doubleGrants: 0 });
    expectTraffic(result);
  });

  it('are all known again when the master hangs and wakes up after the promotion, with WAIT', async () => {
    const result = await measure('master stopped, wakes after the promotion', 'both, WAIT 1', SHORT);
    expect(result).toMatchObject({ ...INTACT, lost: 0, doubleGrants: 0 });
    expectTraffic(result);
  });

  it('are never acknowledged on the wrong side of a silent partition, with WAIT', async () => {
    const result = await measure('silent partition', 'both, WAIT 1', SHORT);
    expect(result).toMatchObject({ ...INTACT, lost: 0, doubleGrants: 0 });
    expectTraffic(result);
  });

  it.each(['planned: SENTINEL FAILOVER', 'planned: npm run planned-failover'] as const)(
    'are all known after %s when all replicas must have a change',
    async (fault) => {
      const result = await measure(fault, 'WAIT all', SHORT);
      expect(result).toMatchObject({ ...INTACT, lost: 0, doubleGrants: 0 });
      expectTraffic(result);
    },
  );

  it('are all known after a planned failover by its procedure, whatever replicas have to confirm', async () => {
    const result = await measure('planned: npm run planned-failover', 'neither', SHORT);
    expect(result).toMatchObject({ ...INTACT, lost: 0, doubleGrants: 0 });
    expectTraffic(result);
  });

  it('are all known again when Redis is killed and restarted from its AOF', async () => {
    const result = await measure('killed, restarted from its AOF (everysec)', 're-assertion', SHORT);
    expect(result).toMatchObject({ ...INTACT, lost: 0, doubleGrants: 0 });
    expectTraffic(result);
  });

  it('are all known again when Redis is killed and comes back empty', async () => {
    const result = await measure('killed, comes back empty', 're-assertion', SHORT);
    expect(result).toMatchObject({ ...INTACT, lost: 0, doubleGrants: 0 });
    expectTraffic(result);
  });

  it('are known again when everything is flushed, but for those that end before anybody notices', async () => {
    const result = await measure('FLUSHALL', 're-assertion', SHORT);
    expect(result).toMatchObject({ ...INTACT, doubleGrants: 0 });
    // A client that hears this for one call makes no other that could end until the pods are back.
    expect(result.lost).toBeLessThanOrEqual(3 * CLIENTS_PER_API);
    expect(result.acknowledged).toBeGreaterThan(50);
  });
});
