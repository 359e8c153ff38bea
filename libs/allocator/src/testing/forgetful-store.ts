import { DEFAULT_TIMINGS, type RoutingStore, StoreUnavailableError } from '@smart-router/routing-store';
import { MemoryRoutingStore } from '@smart-router/routing-store/memory';

type Operation = (...args: never[]) => Promise<unknown>;

/** A store in memory that can be exchanged for an empty one, as a failover or a flush does, and whose operations can fail. */
export class ForgetfulStore {
  private replications = 1;
  private readonly listeners = new Set<() => void>();
  private current: MemoryRoutingStore;
  /** Thrown by the next operations of this name, before they reach the store. */
  readonly failures = new Map<keyof RoutingStore, Error>();
  /** Thrown by these operations, once each, after they took effect. */
  readonly lostAnswers = new Set<keyof RoutingStore>();
  /** All that was asked, in order. */
  readonly commands: { readonly name: keyof RoutingStore; readonly args: readonly unknown[] }[] = [];
  /** Thrown whenever this call, or its end, is replayed. */
  readonly failuresByCall = new Map<string, Error>();

  /** @param now Unix time in milliseconds */
  constructor(private readonly now: () => number) {
    this.current = this.empty();
  }

  /** The store as its users hold it: each operation goes to the data of that moment. */
  readonly store: RoutingStore = new Proxy({} as RoutingStore, {
    get: (_target, name: keyof RoutingStore | 'then') => {
      if (name === 'then') return undefined;
      if (name === 'onReconnect') return (listener: () => void) => this.onReconnect(listener);
      const operation = this.current[name];
      if (typeof operation !== 'function') return operation;
      return (...args: never[]) => this.perform(name, operation as Operation, args);
    },
  });

  async addPods(...podNames: string[]): Promise<void> {
    const epoch = await this.current.claimEpoch();
    await this.current.configurePool(epoch, 'gold', { type: 'exclusive', maxConcurrent: 1 });
    for (const podName of podNames) {
      await this.current.registerPod(epoch, { podName, incarnation: 'first', ready: true, pool: 'gold' });
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

  private async perform(name: keyof RoutingStore, operation: Operation, args: never[]): Promise<unknown> {
    this.commands.push({ name, args });
    const failure = this.failures.get(name);
    if (failure) throw failure;
    const [command] = args as unknown as [{ readonly callSid?: string } | undefined];
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
