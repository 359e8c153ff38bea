import { sleep } from '../clock';
import type { AppProcess, SeededRandom } from '@smart-router/testbed';

const PAUSE_MS = 100;
const PAUSE_BETWEEN_DRAINS_MS = [100, 2_000] as const;
const DRAIN_MS = [0, 1_000] as const;

/** Somebody who takes pods out of service for a while, one at a time, as for an upgrade. */
export class Operator {
  private readonly drained = new Set<string>();

  constructor(
    private readonly apis: readonly AppProcess[],
    private readonly pods: readonly string[],
    private readonly random: SeededRandom,
  ) {}

  /** Drains pods and takes each drain back, until stopped. */
  async run(stopped: AbortSignal): Promise<void> {
    const { random } = this;
    while (!stopped.aborted) {
      await sleep(random.between(...PAUSE_BETWEEN_DRAINS_MS));
      const pod = random.pick(this.pods);
      this.drained.add(pod);
      await this.send('drain', pod);
      await sleep(random.between(...DRAIN_MS));
      await this.send('undrain', pod);
    }
  }

  /** To be called when nothing is broken and nothing on its way any more: a drain without answer may have come last. */
  async undrainAll(): Promise<void> {
    for (const pod of this.drained) while (!(await this.send('undrain', pod))) await sleep(PAUSE_MS);
  }

  /** @returns whether it was answered that it is done */
  private async send(path: 'drain' | 'undrain', pod: string): Promise<boolean> {
    try {
      return (await this.random.pick(this.apis).api[path](pod)).status === 200;
    } catch {
      // The process was killed, or took too long: the outcome is unknown, and the run is about that.
      return false;
    }
  }
}
