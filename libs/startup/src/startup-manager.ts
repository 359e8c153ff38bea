import { Component, type StartLimits } from './component';
import type { AnyDefinition, Priority } from './component-definition';
import { DuplicateComponentError, orderAmong, startOrder } from './dependency-graph';
import { beginFirstStart, type FirstStart } from './first-start';
import { HealthMonitor } from './health-monitor';
import { DependencyNotStartedError, StartOrderError, StoppingError, UnknownComponentError } from './startup-errors';
import type { StartupPolicy, StartupPorts } from './startup-options';
import { startupReport, type StartupReport } from './startup-report';

/** How a start ended. */
type StartOutcome =
  /** All that the process cannot do without have started. */
  | { readonly kind: 'started' }
  /** One that it cannot do without has failed; whatever had started is stopped again. */
  | { readonly kind: 'failed'; readonly component: string; readonly error: unknown }
  /** The process was asked to stop before; whatever had started is stopped again. */
  | { readonly kind: 'stopped' };

/** Aborted never: after the first start there is no deadline. */
const NO_DEADLINE = new AbortController().signal;

/**
 * Starts the components of a process in the order of their dependencies, keeps trying those that it can do without,
 * and stops all of them in reverse.
 *
 * Guarantees: an `init` runs only while all that it depends on have started; of each component one `init` runs at a
 * time, unless an earlier one that was given up takes longer to end than a cleanup may; what was made is released
 * exactly once, dependants before what they depend on, each step bounded in time. Calls of `reinitialize` are carried
 * out one after the other.
 */
export class StartupManager {
  private readonly components = new Map<string, Component>();
  /** Those whose resource is held, in the order in which they started. */
  private readonly started = new Set<Component>();
  private readonly stopping = new AbortController();
  private readonly monitor: HealthMonitor;
  private firstStart: FirstStart | null = null;
  private isFirstStartOver = false;
  private pendingRestarts = 0;
  /** The end of the last `reinitialize`. */
  private restarts: Promise<unknown> = Promise.resolve();
  private monitoring: Promise<void> = Promise.resolve();
  private stopped: Promise<void> | null = null;
  private initializedAfterMs: number | null = null;

  constructor(
    private readonly policy: StartupPolicy,
    private readonly ports: StartupPorts,
  ) {
    this.monitor = new HealthMonitor(
      () => this.started,
      policy,
      ports,
      () => this.beginBlocked(),
    );
  }

  /** Whether all that the process cannot do without have started, and it does not stop. */
  get isInitialized(): boolean {
    return this.initializedAfterMs !== null && !this.stopping.signal.aborted;
  }

  /**
   * Adds a component to those that `start` starts.
   * @throws DuplicateComponentError, StartOrderError
   */
  register(definition: AnyDefinition): void {
    if (this.firstStart) throw new StartOrderError(true);
    if (this.components.has(definition.name)) throw new DuplicateComponentError(definition.name);
    this.components.set(definition.name, new Component(definition, this.policy, this.ports));
  }

  /**
   * Starts all that are registered. Nothing begins where the dependencies are not in order.
   * @returns as soon as all that the process cannot do without have started, or one of them has failed
   * @throws UnknownDependencyError, CircularDependencyError, StartOrderError
   */
  async start(): Promise<StartOutcome> {
    if (this.firstStart) throw new StartOrderError(true);
    const { clock } = this.ports;
    const startedAt = clock.now();
    this.firstStart = beginFirstStart({
      ordered: startOrder(this.all),
      policy: this.policy,
      clock,
      stopping: this.stopping.signal,
      begin: (component, limits) => this.begin(component, limits),
      onFailed: (component) => this.onFailed(component),
    });
    void this.firstStart.ended.then(() => (this.isFirstStartOver = true));
    const fatal = await this.firstStart.fatal;
    if (fatal) return this.endStart({ kind: 'failed', component: fatal.name, error: fatal.failure });
    if (this.stopping.signal.aborted) return this.endStart({ kind: 'stopped' });
    this.initializedAfterMs = clock.now() - startedAt;
    this.monitoring = this.monitor.run(this.stopping.signal);
    return { kind: 'started' };
  }

  /** @returns once no component is on its way of the first start any more, well or not */
  async settled(): Promise<void> {
    await this.firstStart?.ended;
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
   * @returns when each was tried; it begins when the first start and the calls before are over
   * @throws UnknownComponentError, StartOrderError, StoppingError
   */
  reinitialize(name: string): Promise<void> {
    const { firstStart } = this;
    if (!firstStart) throw new StartOrderError(false);
    this.pendingRestarts += 1;
    const result = this.restarts
      .then(() => firstStart.ended)
      .then(() => this.restart(name))
      .finally(() => (this.pendingRestarts -= 1));
    // The caller gets the failure; the next call begins all the same.
    this.restarts = result.catch(() => undefined);
    return result;
  }

  /** What keeps `reinitialize` from beginning at once; `null` where nothing does. */
  get busyWith(): 'start' | 'restart' | 'stop' | null {
    if (this.stopping.signal.aborted) return 'stop';
    if (!this.isFirstStartOver) return 'start';
    return this.pendingRestarts > 0 ? 'restart' : null;
  }

  /**
   * The names of all that `reinitialize` stops and starts, each after what it depends on.
   * @throws UnknownComponentError
   */
  restartedWith(name: string): readonly string[] {
    return this.withDependants(name).map((one) => one.name);
  }

  /** Of all that are registered, those of this priority. */
  names(priority: Priority): readonly string[] {
    return this.all.filter((one) => one.definition.priority === priority).map(({ name }) => name);
  }

  /** Asks every started component whether it works, now. @returns what there is and how it is */
  async checkHealth(): Promise<StartupReport> {
    await this.monitor.check(this.stopping.signal);
    return this.report();
  }

  /** What there is and how it is. */
  report(): StartupReport {
    const snapshots = this.all.map((component) => component.snapshot());
    return startupReport(snapshots, this.isInitialized, this.initializedAfterMs);
  }

  private get all(): readonly Component[] {
    return [...this.components.values()];
  }

  private component(name: string): Component {
    const component = this.components.get(name);
    if (!component) throw new UnknownComponentError(name, [...this.components.keys()]);
    return component;
  }

  /** The component and all that depend on it, directly or not, each after what it depends on. */
  private withDependants(name: string): readonly Component[] {
    const affected = new Set([this.component(name)]);
    for (const one of startOrder(this.all)) {
      if (one.dependencies.some((dependency) => affected.has(this.component(dependency)))) affected.add(one);
    }
    return [...affected];
  }

  private async restart(name: string): Promise<void> {
    if (this.stopping.signal.aborted) throw new StoppingError();
    const affected = this.withDependants(name);
    for (const component of [...affected].reverse()) await this.stop(component);
    for (const component of affected) {
      if (this.stopping.signal.aborted) return;
      component.breaker.reset();
      const limits = { maxRetries: component.maxRetries, stopping: this.stopping.signal, deadline: NO_DEADLINE };
      if ((await this.begin(component, limits)) === 'failed') this.onFailed(component);
    }
  }

  /** Starts a component now, unless it is BLOCKED by one that does not work. */
  private async begin(
    component: Component,
    limits: StartLimits,
  ): Promise<'started' | 'failed' | 'blocked' | 'abandoned'> {
    const missing = this.missingFor(component);
    if (missing.length > 0) {
      component.become('BLOCKED', new DependencyNotStartedError(component.name, missing));
      return 'blocked';
    }
    const outcome = await component.start(limits);
    if (outcome === 'started') this.onStarted(component);
    return outcome;
  }

  /** Its resource is held: those that waited for it may begin. */
  private onStarted(component: Component): void {
    component.become('SUCCESS');
    this.started.add(component);
    this.beginBlocked();
  }

  /** The process goes without it, and tries again. */
  private onFailed(component: Component): void {
    component.become('DEGRADED');
    component.recover('later', this.stopping.signal, () => this.onStarted(component));
  }

  /** Begins those that are blocked although all that they depend on work now. */
  private beginBlocked(): void {
    for (const component of this.all) {
      if (component.current !== 'BLOCKED' || this.missingFor(component).length > 0) continue;
      component.recover('at-once', this.stopping.signal, () => this.onStarted(component));
    }
  }

  /** The names of those that the component depends on and that do not work now. */
  private missingFor({ dependencies }: Component): readonly string[] {
    return dependencies.filter((name) => this.component(name).current !== 'SUCCESS');
  }

  private async stop(component: Component): Promise<void> {
    await component.stop();
    this.started.delete(component);
  }

  private async endStart(outcome: StartOutcome): Promise<StartOutcome> {
    await this.shutdown();
    return outcome;
  }

  /**
   * Stops all, then marks those that never started. The latest started goes first, unless another one has to: who
   * recovered late may have been meant to start earlier.
   */
  private async stopAll(): Promise<void> {
    this.stopping.abort();
    await this.settled();
    await Promise.all([this.restarts, this.monitoring]);
    await Promise.all(this.all.map((component) => component.giveUp()));
    for (const component of [...orderAmong([...this.started])].reverse()) await this.stop(component);
    for (const component of this.all) await this.stop(component);
  }
}
