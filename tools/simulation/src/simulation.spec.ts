import { PROTOCOLS, type ProtocolName } from './protocol';
import { runMany } from './run-many';
import { simulate } from './simulation';

// A longer search, in the background: npm run simulate -- --runs 100000
const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 2_000);
const SEED = Number(process.env['SIMULATION_SEED'] ?? 1);
/** A fault must be found within so many runs. */
const RUNS_TO_FIND = 1_000;

describe('the recovery of a store that loses data', () => {
  it('doubles no call, loses none that a live process knows, leaves no orphan and ends its hold', async () => {
    const { violations, losses, operations } = await runMany({ seed: SEED, runs: RUNS, protocol: 'as it is' });
    expect(violations).toEqual([]);
    expect(operations).toBeGreaterThan(100 * RUNS);
    expect(losses).toBeGreaterThan(RUNS / 2);
  }, 1_800_000);

  it('is the same to the last detail for the same seed', async () => {
    const [first, second] = [await simulate(7), await simulate(7)];
    expect(first.trace.length).toBeGreaterThan(100);
    expect(second).toEqual(first);
    expect((await simulate(8)).trace).not.toEqual(first.trace);
  });

  it.each(Object.keys(PROTOCOLS).filter((name) => name !== 'as it is') as ProtocolName[])(
    'is found to be broken when %s',
    async (protocol) => {
      const { violations } = await runMany({ seed: SEED, runs: RUNS_TO_FIND, protocol, stopAtFirst: true });
      expect(violations).not.toEqual([]);
    },
    600_000,
  );
});
