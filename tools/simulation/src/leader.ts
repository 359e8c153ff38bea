import type { RecoveryParticipant, ReplayProgress } from '@smart-router/routing-store';
import { SimulatedProcess, type World } from './simulated-process';

export interface SimulatedPod {
  readonly podName: string;
  readonly pool: string;
  /** Live calls. */
  readonly max: number;
}

const RECONCILE_MS = 5_000;

/** The process that keeps the store's pods in line with those that there are. */
export class SimulatedLeader extends SimulatedProcess {
  private epoch = 1_000;

  constructor(
    name: string,
    world: World,
    private readonly pods: readonly SimulatedPod[],
  ) {
    super(name, world);
    let isRegistered = true;
    const participant: RecoveryParticipant = {
      isUnfinished: false,
      recall: () => {
        isRegistered = false;
        void this.reconcile().then((done) => {
          isRegistered = done;
        });
      },
      confirmed: () => undefined,
      replayEnds: async (): Promise<ReplayProgress> => {
        if (!isRegistered) isRegistered = await this.reconcile();
        return isRegistered ? 'done' : 'waiting';
      },
      replayGrants: async () => 'done',
    };
    this.recovery.add(participant);
  }

  override start(): void {
    super.start();
    void this.run();
  }

  private async run(): Promise<void> {
    const clock = this.clock();
    const { signal } = new AbortController();
    while (this.isAlive) {
      await this.reconcile();
      await clock.sleep(RECONCILE_MS, signal);
    }
  }

  /** @returns whether all pods are in the store */
  private async reconcile(): Promise<boolean> {
    const epoch = this.epoch;
    try {
      for (const { podName, pool, max } of this.pods) {
        await this.connection.send(async (store) => {
          await store.pods.configurePool(epoch, pool, { type: max === 1 ? 'exclusive' : 'shared', maxConcurrent: max });
        });
        await this.connection.send((store) =>
          store.pods.registerPod(epoch, { podName, pool, incarnation: 'first', ready: true }),
        );
      }
      return true;
    } catch {
      // The store is away; the next round comes.
      return false;
    }
  }
}
