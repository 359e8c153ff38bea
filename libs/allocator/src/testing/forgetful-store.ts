import { DEFAULT_TIMINGS, StoreUnavailableError } from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import { interceptedStore, type StoreOperation, type StoreOperations } from '@smart-router/routing-store/testing';

/** A store in memory that can be exchanged for an empty one, as a failover or a flush does, and whose operations can fail. */
export class ForgetfulStore {
  private replications = 1;
  private readonly listeners = new Set<() => void>();
  private current: MemoryRoutingStore;
  /** Thrown by the next operations of this name, before they reach the store. */
  readonly failures = new Map<keyof StoreOperations, Error>();
  /** Thrown by these operations, once each, after they took effect. */
  readonly lostAnswers = new Set<keyof StoreOperations>();
  /** All that was asked, in order. */
  readonly commands: { readonly name: keyof StoreOperations; readonly args: readonly unknown[] }[] = [];
  /** Thrown whenever this call, or its end, is replayed. */
  readonly failuresByCall = new Map<string, Error>();

  /** @param now Unix time in milliseconds */
  constructor(private readonly now: () => number) {
    this.current = this.empty();
  }

  /** The store as its users hold it: each operation goes to the data of that moment. */
  readonly store = interceptedStore(
    () => this.current,
    (name, operation) => {
      if (name === 'onReconnect') return (listener) => this.onReconnect(listener as () => void);
      return (...args) => this.perform(name, operation, args);
    },
  );

  async addPods(...podNames: string[]): Promise<void> {
    const epoch = await this.current.leadership.claimEpoch();
    await this.current.pods.configurePool(epoch, 'gold', { type: 'exclusive', maxConcurrent: 1 });
    for (const podName of podNames) {
      await this.current.pods.registerPod(epoch, { podName, incarnation: 'first', ready: true, pool: 'gold' });
    }
  }

  /** All data are lost. */
  forget(): void {
    this.replications += 1;
    this.current = this.empty();
  }

  reconnect(): void {
    for (const listener of this.listeners) listener();
  }

  private empty(): MemoryRoutingStore {
    const store = new MemoryRoutingStore({
      ...{ timings: DEFAULT_TIMINGS, now: this.now, replicationId: () => `replication-${this.replications}` },
    });
    store.connected();
    return store;
  }

  private async perform(name: keyof StoreOperations, operation: StoreOperation, args: unknown[]): Promise<unknown> {
    this.commands.push({ name, args });
    const failure = this.failures.get(name);
    if (failure) throw failure;
    const [command] = args as [{ readonly callSid?: string } | undefined];
    const byCall = name.startsWith('reassert') && this.failuresByCall.get(command?.callSid ?? '');
    if (byCall) throw byCall;
    const outcome = await operation(...args);
    if (this.lostAnswers.delete(name)) throw new StoreUnavailableError(new Error('no answer'));
    return outcome;
  }

  private onReconnect(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}
