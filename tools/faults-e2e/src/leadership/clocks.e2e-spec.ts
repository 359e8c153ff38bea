import { type KubernetesTarget, startKubernetesSimulator } from '@smart-router/kubernetes-simulator';
import { canFakeClocks, FakedClock, waitFor } from '@smart-router/testbed';
import { ElectionGroup, type Member, TIMINGS } from './election-group';
import { acceptedTerms, leaderWrites } from './leader-writes';

type Place = readonly [name: string, start: () => Promise<KubernetesTarget | null>];

const PLACES: readonly Place[] = [
  ['Redis', async () => null],
  ['a simulated Kubernetes', () => startKubernetesSimulator()],
];
/** A contender that believes in a wrong time takes over with its next attempt, half a second later. */
const SOON_MS = 3_000;
const TOLERANCE_MS = 20_000;

const describeEach = canFakeClocks() ? describe.each(PLACES) : describe.skip.each(PLACES);

describeEach('leader workers whose clocks differ and that compete in %s', (_, start) => {
  let target: KubernetesTarget | null = null;
  let group: ElectionGroup;
  let clock: FakedClock;

  beforeAll(async () => {
    target = await start();
  });

  afterAll(() => target?.stop());

  beforeEach(async () => {
    group = await ElectionGroup.open(target);
  });

  afterEach(async () => {
    const terms = acceptedTerms(await leaderWrites(group.keys));
    expect(terms).toEqual([...new Set(terms)].sort((a, b) => a - b));
    await group.close();
    clock.close();
  });

  const startWith = (faked: FakedClock): Promise<Member> => {
    clock = faked;
    return group.start('leader-worker', faked.env);
  };

  /** Waits until the process itself reports a time that is so far from the real one. */
  const isOffBy = (member: Member, offsetMs: number): Promise<unknown> =>
    waitFor(async () => Math.abs((await offsetOf(member)) - offsetMs) < TOLERANCE_MS, {
      timeoutMs: 20_000,
      description: `a clock that is off by ${offsetMs} ms`,
    });

  const keepsTerm = async (forMs: number): Promise<void> => {
    const until = performance.now() + forMs;
    await waitFor(() => performance.now() > until, { timeoutMs: 2 * forMs, description: 'the time to go by' });
    expect(await group.announced()).toMatchObject({ epoch: 1 });
  };

  const isLedAfterCrashBy = (member: Member): Promise<Member> =>
    group.leader(({ identity }) => identity === member.identity, 3 * TIMINGS.leaseMs);

  it('keep a leader whose clock is ahead, jumps by an hour, and goes back', async () => {
    const leader = await startWith(new FakedClock('+90s'));
    await group.leader();
    const follower = await group.start();
    await isOffBy(leader, 90_000);
    await keepsTerm(SOON_MS);
    for (const [offset, offsetMs] of [
      ['+1h', 3_600_000],
      ['-1h', -3_600_000],
    ] as const) {
      clock.set(offset);
      await isOffBy(leader, offsetMs);
      await keepsTerm(SOON_MS);
    }
    await group.kill(leader);
    await isLedAfterCrashBy(follower);
  });

  it('are not taken over by one that is an hour ahead, which leads in time after a crash', async () => {
    const leader = await group.start();
    await group.leader();
    const follower = await startWith(new FakedClock('+1h'));
    await isOffBy(follower, 3_600_000);
    await keepsTerm(SOON_MS);
    await group.kill(leader);
    await isLedAfterCrashBy(follower);
  });

  it('are not taken over by one whose time runs twice as fast', async () => {
    const leader = await group.start();
    await group.leader();
    const follower = await startWith(new FakedClock('+0s x2', 'all clocks'));
    // Half of the lease on its own clock, and some attempts more.
    await keepsTerm(TIMINGS.leaseMs);
    await group.kill(leader);
    await isLedAfterCrashBy(follower);
  });
});

/** How far the time that the process reports with its answers is from the time here, in milliseconds. */
async function offsetOf({ app }: Member): Promise<number> {
  const { headers } = await app.api.probe('/health');
  return Date.parse(headers.get('date') ?? '') - Date.now();
}
