import { sleep } from '../clock';
import type { Fleet } from '../fleet/fleet';
import type { SeededRandom } from '@smart-router/testbed';
import type { FaultCounts } from './fault-counts';
import { FAULTS } from './faults';

export const API_KILL = 'API killed';

const PAUSE_BETWEEN_FAULTS_MS = [1_000, 8_000] as const;
const PAUSE_BETWEEN_KILLS_MS = [2_000, 8_000] as const;
const LONGEST_ABSENCE_MS = 1_000;

const WEIGHTED_NAMES = Object.entries(FAULTS).flatMap(([name, { weight }]) => Array<string>(weight).fill(name));

/** One fault after the other, chosen by chance, until stopped. @throws where one cannot be repaired */
export async function injectFaults(
  fleet: Fleet,
  random: SeededRandom,
  counts: FaultCounts,
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    await sleep(random.between(...PAUSE_BETWEEN_FAULTS_MS));
    const name = random.pick(WEIGHTED_NAMES);
    await FAULTS[name]?.inject(fleet, random);
    counts.add(name);
  }
}

/** Kills API processes, one at a time, each with SIGKILL, and starts them again. @throws where one does not come back */
export async function killApis(
  fleet: Fleet,
  random: SeededRandom,
  counts: FaultCounts,
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    await sleep(random.between(...PAUSE_BETWEEN_KILLS_MS));
    const api = random.pick(fleet.apis);
    await api.kill();
    counts.add(API_KILL);
    await sleep(random.between(0, LONGEST_ABSENCE_MS));
    await api.restart();
  }
}
