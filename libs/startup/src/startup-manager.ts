import type { AnyComponent, Priority } from './component';
import { ComponentLifecycle } from './component-lifecycle';
import { ComponentRecovery } from './component-recovery';
import { ComponentStarter } from './component-starter';
import { DuplicateComponentError, startOrder, type GraphNode } from './dependency-graph';
import { FirstStart } from './first-start';
import { HealthMonitor } from './health-monitor';
import { ManagedComponent } from './managed-component';
import type { StartupPolicy, StartupPorts } from './startup-options';
import { startupReport, type StartupReport } from './startup-report';

/** How a start ended. */
export type StartOutcome =
  /** All that the process cannot do without have started. */
  | { readonly kind: 'started' }
  /** One that it cannot do without has failed; whatever had started is stopped again. */
  | { readonly kind: 'failed'; readonly component: string; readonly error: unknown }
  /** The process was asked to stop before; whatever had started is stopped again. */
  | { readonly kind: 'stopped' };

/** A component cannot be removed while others depend on it. */
export class ComponentInUseError extends Error {
  readonly code = 'COMPONENT_IN_USE';

  constructor(
    readonly component: string,
    readonly users: readonly string[],
  ) {
    super(`component ${component} is needed by ${users.join(', ')}`);
  }
}

/** No component has this name. */
export class UnknownComponentError extends Error {
  readonly code = 'UNKNOWN_COMPONENT';

  constructor(readonly component: string) {
    super(`no component is called ${component}`);
  }
}

/** Components are registered before the start, and added, removed and made anew after it; a start is made once. */
export class StartOrderError extends Error {
  readonly code = 'START_ORDER';

  constructor(hasBegun: boolean) {
    super(hasBegun ? 'the start has begun already' : 'the start has not begun yet');
  }
}

/** The process stops: nothing is started, added or removed any more. */
export class StoppingError extends Error {
  readonly code = 'STOPPING';

  constructor() {
    super('the process stops');
  }
}

/**
 * Starts the components of a process in the order of their dependencies, keeps trying those that it can do without,
 * and stops all of them in reverse.
 *
 * Guarantees: an `init` runs only while all that it depends on have started; of each component one `init` runs at a
 * time, unless an earlier one that was given up takes longer to end than a cleanup may; what was made is released
 * exactly once, dependants before what they depend on, each step bounded in time. Operations after the start
 * (`reinitialize`, `add`, `remove`) are carried out one after the other.
 */
export class StartupManager<Context> {
  private readonly components = new Map<string, ManagedComponent<Context>>();
  private readonly stopping = new AbortController();
  private readonly lifecycle: ComponentLifecycle<Context>;
  private readonly starter: ComponentStarter<Context>;
  private readonly monitor: HealthMonitor<Context>;
  private firstStart: FirstStart<Context> | null = null;
  /** The end of the last operation, and of the first start before it. */
  private operations: Promise<unknown> = Promise.resolve();
  private monitoring: Promise<void> = Promise.resolve();
  private stopped: Promise<void> | null = null;
  private initializedAfterMs: number | null = null;

  constructor(
    context: Context,
    private readonly policy: StartupPolicy,
    private readonly ports: StartupPorts,
  ) {
    const registered = (): readonly ManagedComponent<Context>[] => [...this.components.values()];
    this.starter = new ComponentStarter(context, policy, ports);
    const recovery = new ComponentRecovery(this.starter, ports);
    this.lifecycle = new ComponentLifecycle(registered, this.starter, recovery, this.stopping.signal);
    const onRecovered = (): void => this.lifecycle.beginBlocked();
    this.monitor = new HealthMonitor(() => this.lifecycle.held(), policy, ports, onRecovered);
  }

  /** Whether all that the process cannot do without have started, and it does not stop. */
  get isInitialized(): boolean {
    return this.initializedAfterMs !== null && !this.stopping.signal.aborted;
  }

  /**
   * Adds a component to those that `start` starts.
   * @throws DuplicateComponentError, StartOrderError
   */
  register(definition: AnyComponent<Context>): void {
    if (this.firstStart) throw new StartOrderError(true);
    this.insert(definition);
  }

  /**
   * Starts all that are registered. Nothing begins where the dependencies are not in order.
   * @returns as soon as all that the process cannot do without have started, or one of them has failed
   * @throws UnknownDependencyError, CircularDependencyError, StartOrderError
   */
  async start(): Promise<StartOutcome> {
    if (this.firstStart) throw new StartOrderError(true);
    const ordered = startOrder(this.definitions()).map(({ name }) => this.component(name));
    const firstStart = new FirstStart(ordered, this.policy, this.starter, {
      started: (component) => this.lifecycle.onStarted(component),
      failed: (component) => this.lifecycle.onFailed(component),
    });
    this.firstStart = firstStart;
    const startedAt = this.ports.clock.now();
    const fatal = await this.withinDeadline(firstStart);
    if (fatal) return this.endStart({ kind: 'failed', component: fatal.name, error: fatal.failure });
    if (this.stopping.signal.aborted) return this.endStart({ kind: 'stopped' });
    this.initializedAfterMs = this.ports.clock.now() - startedAt;
    this.monitoring = this.monitor.run(this.stopping.signal);
    return { kind: 'started' };
  }

  /** @returns once no component is on its way of the first start any more, well or not */
  async settled(): Promise<void> {
    await this.firstStart?.ended();
  }

  /**
   * Stops everything, what started last first; what is on its way is given up.
   * @returns when all of it was attempted; never rejects; safe to repeat
   */
  shutdown(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  /**
   * Stops a component and all that depend on it, directly or not, the last of them first, and starts them again in the
   * order of their dependencies. What does not start is DEGRADED, whatever its priority, and tried again in the
   * background; what depends on it is BLOCKED meanwhile. Failures of before count for nothing: where a breaker is open
   * it closes, and a wait in the background ends. Those that only let it go first run on.
   * @returns when each was tried
   * @throws UnknownComponentError, StartOrderError, StoppingError
   */
  async reinitialize(name: string): Promise<void> {
    await this.exclusively(async () => {
      const affected = this.withDependants(this.component(name));
      for (const one of [...affected].reverse()) await this.lifecycle.stop(one);
      for (const one of affected) await this.unlessStopping(() => this.lifecycle.startAnew(one));
    });
  }

  /**
   * Adds a component to a running process and starts it; where it does not start it is DEGRADED, or BLOCKED.
   * @throws DuplicateComponentError, UnknownDependencyError, CircularDependencyError, StartOrderError, StoppingError
   */
  async add(definition: AnyComponent<Context>): Promise<void> {
    await this.exclusively(async () => {
      startOrder([...this.present(), definition]);
      const component = this.insert(definition);
      await this.unlessStopping(() => this.lifecycle.start(component));
    });
  }

  /**
   * Stops a component and forgets it. Those that only let it go first do not keep it.
   * @throws UnknownComponentError, ComponentInUseError, StartOrderError, StoppingError
   */
  async remove(name: string): Promise<void> {
    await this.exclusively(async () => {
      const component = this.component(name);
      const users = this.definitions().filter(({ dependencies }) => dependencies?.includes(name));
      if (users.length > 0) throw new ComponentInUseError(name, namesOf(users));
      await this.lifecycle.stop(component);
      this.components.delete(name);
      this.ports.observer.removed(component.snapshot());
    });
  }

  /** Of all that are registered, those of this priority. */
  names(priority: Priority): readonly string[] {
    return namesOf(this.definitions().filter((one) => one.priority === priority));
  }

  /** Asks every started component whether it works, now. @returns what there is and how it is */
  async checkHealth(): Promise<StartupReport> {
    await this.monitor.check(this.stopping.signal);
    return this.report();
  }

  /** What there is and how it is. */
  report(): StartupReport {
    const snapshots = [...this.components.values()].map((component) => component.snapshot());
    return startupReport(snapshots, this.isInitialized, this.initializedAfterMs);
  }

  private insert(definition: AnyComponent<Context>): ManagedComponent<Context> {
    if (this.components.has(definition.name)) throw new DuplicateComponentError(definition.name);
    const component = new ManagedComponent(definition, this.policy, this.ports);
    this.components.set(definition.name, component);
    return component;
  }

  private component(name: string): ManagedComponent<Context> {
    const component = this.components.get(name);
    if (!component) throw new UnknownComponentError(name);
    return component;
  }

  private definitions(): readonly AnyComponent<Context>[] {
    return [...this.components.values()].map(({ definition }) => definition);
  }

  /** All that are registered, without the order relative to those that were removed. */
  private present(): readonly GraphNode[] {
    const isPresent = (name: string): boolean => this.components.has(name);
    return this.definitions().map(({ name, dependencies = [], after = [] }) => {
      return { name, dependencies, after: after.filter(isPresent) };
    });
  }

  /** The component and all that depend on it, directly or not, each after what it depends on. */
  private withDependants(component: ManagedComponent<Context>): readonly ManagedComponent<Context>[] {
    const affected = new Set([component.name]);
    for (const { name, dependencies = [] } of startOrder(this.present())) {
      if (dependencies.some((dependency) => affected.has(dependency))) affected.add(name);
    }
    return [...affected].map((name) => this.component(name));
  }

  private async unlessStopping(step: () => Promise<void>): Promise<void> {
    if (!this.stopping.signal.aborted) await step();
  }

  /** One operation at a time, none before the first start is over, none beside the stop of all. */
  private exclusively(operation: () => Promise<void>): Promise<void> {
    if (!this.firstStart) throw new StartOrderError(false);
    const before = this.operations.then(() => this.firstStart?.ended());
    const result = before.then(() => {
      if (this.stopping.signal.aborted) throw new StoppingError();
      return operation();
    });
    // The caller gets the failure; the next operation begins all the same.
    this.operations = result.catch(() => undefined);
    return result;
  }

  private async withinDeadline(firstStart: FirstStart<Context>): Promise<ManagedComponent<Context> | null> {
    const deadline = new AbortController();
    const over = new AbortController();
    const running = firstStart.run(this.stopping.signal, deadline.signal);
    const all = firstStart.ended().then(() => over.abort());
    const limit = this.ports.clock.sleep(this.policy.deadlineMs, AbortSignal.any([over.signal, this.stopping.signal]));
    void Promise.race([all, limit]).then(() => deadline.abort());
    return running;
  }

  private async endStart(outcome: StartOutcome): Promise<StartOutcome> {
    await this.shutdown();
    return outcome;
  }

  private async stopAll(): Promise<void> {
    this.stopping.abort();
    await this.firstStart?.ended();
    await Promise.all([this.operations, this.monitoring]);
    await this.lifecycle.stopAll();
  }
}

const namesOf = (components: readonly { readonly name: string }[]): readonly string[] =>
  components.map(({ name }) => name);
