import type { Clock } from '@smart-router/scheduling';
import type { EventLogger } from '@smart-router/logging';
import type { ObservedPod, PodChange, PodSource } from '../domain/pod-source';
import { PodFile } from './pod-file';
import { checkNames, InvalidStaticPodsError } from './pod-names';

interface StaticPodSourceOptions {
  readonly names: readonly string[];
  /** Path of a file with more names, one a line; `null` for none. */
  readonly file: string | null;
  readonly filePollMs: number;
  readonly clock: Clock;
  readonly logger: EventLogger;
  /** Called for each content of the file that is not taken over. Must not throw. */
  readonly onRejected: () => void;
}

/** A restart of such a pod is not reported: it lives one life. */
const INCARNATION = 'static';

/** Pods that an operator names; each is taken to be ready for as long as it is named. */
export class StaticPodSource implements PodSource {
  private readonly file: PodFile | null;
  private listed: ReadonlySet<string> = new Set();

  /** @throws InvalidStaticPodsError with every name of `names` that cannot be used */
  constructor(private readonly options: StaticPodSourceOptions) {
    const { invalid, duplicates } = checkNames(options.names);
    if (invalid.length + duplicates.length > 0) throw new InvalidStaticPodsError(invalid, duplicates);
    const { clock, file, logger, onRejected } = options;
    this.file = file === null ? null : new PodFile({ path: file, clock, logger, onRejected });
  }

  async list(): Promise<readonly ObservedPod[]> {
    const fromFile = this.file ? await this.file.names() : [];
    const names = new Set([...this.options.names, ...fromFile]);
    this.listed = names;
    return [...names].map(staticPod);
  }

  recall(podName: string): ObservedPod | null {
    return this.listed.has(podName) ? staticPod(podName) : null;
  }

  problem(): string | null {
    const problem = this.file?.problem ?? null;
    return problem && `${this.options.file}: ${problem}`;
  }

  async observe(onChange: (change: PodChange) => void, signal: AbortSignal): Promise<void> {
    while (this.file && !signal.aborted) {
      await this.options.clock.sleep(this.options.filePollMs, signal);
      if (!signal.aborted && (await this.file.poll())) onChange({ kind: 'any' });
    }
  }
}

function staticPod(podName: string): ObservedPod {
  return { podName, incarnation: INCARNATION, ready: true, terminating: false };
}
