import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesTarget } from '@smart-router/kubernetes-simulator';
import { SeededRandom } from '@smart-router/testbed';
import { ElectionGroup, type ElectionTimings, type Member } from './election-group';
import { acceptedTerms, leaderWrites } from './leader-writes';

const SECONDS = Number(process.env['LEADERSHIP_SECONDS'] ?? 25);
const SEED = Number(process.env['LEADERSHIP_SEED'] ?? 20261121);
const GROUP_SIZE = 3;
/** Shorter than the longest pause, so that many a pause ends a term. */
const TIMINGS: ElectionTimings = { leaseMs: 3_000, renewDeadlineMs: 2_000, retryMs: 500 };
const MAX_PAUSE_MS = 6_000;
const RECOVERY_MS = 30_000;

/** Kills, stops and ends workers for a while; whom and how is what the seed says. */
class Chaos {
  readonly done: Record<string, number> = {};
  private readonly pauses = new Set<Promise<void>>();

  constructor(
    private readonly group: ElectionGroup,
    private readonly random: SeededRandom,
  ) {}

  async run(untilMs: number): Promise<void> {
    while (performance.now() < untilMs) {
      await sleep(300 + 1_500 * this.random.next());
      await this.disturb();
    }
    await Promise.all(this.pauses);
  }

  private async disturb(): Promise<void> {
    const victim = await this.victim();
    const dice = this.random.next();
    if (dice < 0.5) this.pause(victim, MAX_PAUSE_MS * this.random.next());
    else if (dice < 0.85) await this.replace('kill', () => this.group.kill(victim));
    else await this.replace('end', () => this.end(victim));
  }

  /** Mostly the leader: what happens to the others matters less. */
  private async victim(): Promise<Member> {
    const announced = await this.group.announced();
    const leader = this.group.members.find(({ identity }) => identity === announced?.identity);
    const anybody = this.random.pick(this.group.members);
    return leader && this.random.chance(0.7) ? leader : anybody;
  }

  private pause(victim: Member, ms: number): void {
    this.count('pause');
    victim.app.pause();
    const pause = sleep(ms).then(() => {
      victim.app.resume();
      this.pauses.delete(pause);
    });
    this.pauses.add(pause);
  }

  private async end(victim: Member): Promise<void> {
    victim.app.resume();
    await victim.app.stop();
    await this.group.kill(victim);
  }

  private async replace(how: string, remove: () => Promise<void>): Promise<void> {
    this.count(how);
    await remove();
    await this.group.start();
  }

  private count(how: string): void {
    this.done[how] = (this.done[how] ?? 0) + 1;
  }
}

/** One writer at a time, whatever happens to the processes. @param start gives where they compete; `null`: in Redis */
export function describeChaos(name: string, start: () => Promise<KubernetesTarget | null>): void {
  describe(`three leader workers killed and stopped at random, in ${name}`, () => {
    let target: KubernetesTarget | null = null;
    let group: ElectionGroup;

    beforeAll(async () => {
      target = await start();
    }, 180_000);

    afterAll(() => target?.stop(), 60_000);

    beforeEach(async () => {
      group = await ElectionGroup.open(target, TIMINGS);
      for (let i = 0; i < GROUP_SIZE; i++) await group.start();
    });

    afterEach(() => group.close());

    it(
      `never interleave their writes, and one leads in the end (seed ${SEED}, ${SECONDS} s)`,
      async () => {
        const chaos = new Chaos(group, new SeededRandom(SEED));
        await chaos.run(performance.now() + SECONDS * 1000);
        const { epoch } = (await group.announced()) ?? { epoch: 0 };
        await group.leader((found) => found.epoch >= epoch, RECOVERY_MS);
        const writes = await leaderWrites(group.keys);
        const terms = acceptedTerms(writes);
        const refused = writes.filter(({ isRefused }) => isRefused).length;
        process.stdout.write(
          `${name}: ${JSON.stringify(chaos.done)}, ${terms.length} leaders, ${writes.length} writes, ${refused} refused\n`,
        );
        expect(terms.length).toBeGreaterThan(1);
        expect(terms).toEqual([...new Set(terms)].sort((a, b) => a - b));
      },
      SECONDS * 4_000 + 120_000,
    );
  });
}
