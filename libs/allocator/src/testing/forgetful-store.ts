import {
  type ReassertCallCommand,
  type ReassertCallOutcome,
  type ReassertReleaseCommand,
  type ReassertReleaseOutcome,
  type RoutingStore,
  StoreUnavailableError,
} from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';

/** A store in memory that can be exchanged for an empty one, as a failover or a flush does. */
export class ForgetfulStore {
  private current = new MemoryRoutingStore();
  private era = 1;
  private readonly listeners = new Set<() => void>();
  /** Thrown by the next looks at the era. */
  failure: Error | null = null;
  /** So many re-assertions fail before they reach the store. */
  failuresOfReassertCall = 0;
  /** Thrown whenever this call, or its end, is told again. */
  readonly failuresByCall = new Map<string, Error>();

  /** The store as its users hold it: each operation goes to the data of that moment. */
  readonly store: RoutingStore = new Proxy({} as RoutingStore, {
    get: (_target, name: keyof RoutingStore | 'then') => {
      if (name === 'then') return undefined;
      if (name === 'observeEra') return () => this.observeEra();
      if (name === 'onReconnect') return (listener: () => void) => this.onReconnect(listener);
      if (name === 'reassertCall' && this.failuresOfReassertCall > 0) {
        this.failuresOfReassertCall -= 1;
        return () => Promise.reject(new StoreUnavailableError(new Error('cut')));
      }
      if (name === 'reassertCall') return (command: ReassertCallCommand) => this.reassertCall(command);
      if (name === 'reassertRelease') return (command: ReassertReleaseCommand) => this.reassertRelease(command);
      return this.current[name];
    },
  });

  async addPods(...podNames: string[]): Promise<void> {
    const epoch = await this.current.claimEpoch();
    await this.current.configurePool(epoch, 'gold', { type: 'exclusive', maxConcurrent: 1 });
    for (const podName of podNames) {
      await this.current.registerPod(epoch, { podName, incarnation: 'first', ready: true, pool: 'gold' });
    }
  }

  /** All data is lost. */
  forget(): void {
    this.current = new MemoryRoutingStore();
    this.era += 1;
  }

  reconnect(): void {
    for (const listener of this.listeners) listener();
  }

  private async reassertCall(command: ReassertCallCommand): Promise<ReassertCallOutcome> {
    this.failFor(command.callSid);
    return this.current.reassertCall(command);
  }

  private async reassertRelease(command: ReassertReleaseCommand): Promise<ReassertReleaseOutcome> {
    this.failFor(command.callSid);
    return this.current.reassertRelease(command);
  }

  private failFor(callSid: string): void {
    const failure = this.failuresByCall.get(callSid);
    if (failure) throw failure;
  }

  private async observeEra(): Promise<string> {
    if (this.failure) throw this.failure;
    return `era-${this.era}`;
  }

  private onReconnect(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}
