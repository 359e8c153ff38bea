import type { ComponentRecovery } from './component-recovery';
import type { ComponentStarter } from './component-starter';
import { startOrder } from './dependency-graph';
import type { ManagedComponent } from './managed-component';
import { DependencyNotStartedError, missingDependencies } from './missing-dependencies';

interface RunningRecovery {
  readonly end: AbortController;
  readonly done: Promise<void>;
}

/** Aborted never: after the first start there is no deadline. */
const NO_DEADLINE = new AbortController().signal;

/**
 * What happens to components after their first start: recovery in the background, starts and stops one by one.
 *
 * Invariant: `started` holds exactly the components whose resource is held, in the order in which they started; no
 * component has more than one recovery under way.
 */
export class ComponentLifecycle<Context> {
  private readonly started = new Set<ManagedComponent<Context>>();
  private readonly recoveries = new Map<ManagedComponent<Context>, RunningRecovery>();

  /** @param registered all components that there are @param stopping aborted when the process stops */
  constructor(
    private readonly registered: () => readonly ManagedComponent<Context>[],
    private readonly starter: ComponentStarter<Context>,
    private readonly recovery: ComponentRecovery<Context>,
    private readonly stopping: AbortSignal,
  ) {}

  /** Those whose resource is held, the latest last. */
  held(): readonly ManagedComponent<Context>[] {
    return [...this.started];
  }

  /** A component has started and is SUCCESS from now on: those that waited for it may begin. */
  onStarted(component: ManagedComponent<Context>): void {
    component.become('SUCCESS');
    this.started.add(component);
    this.beginBlocked();
  }

  /** A component that the process can do without has not started: it is DEGRADED from now on, and tried again. */
  onFailed(component: ManagedComponent<Context>): void {
    component.become('DEGRADED');
    this.recover(component, 'later');
  }

  /** Begins those that are blocked although all that they depend on work now. */
  beginBlocked(): void {
    for (const component of this.registered()) {
      if (component.current === 'BLOCKED' && missingDependencies(component, this.registered()).length === 0) {
        this.recover(component, 'at-once');
      }
    }
  }

  /** Tries to start a component in the background, again and again. */
  private recover(component: ManagedComponent<Context>, first: 'at-once' | 'later'): void {
    if (this.stopping.aborted || this.recoveries.has(component)) return;
    const end = new AbortController();
    const done = this.runRecovery(component, AbortSignal.any([this.stopping, end.signal]), first);
    this.recoveries.set(component, { end, done });
  }

  /** As {@link start}, on the word of an operator: earlier failures count for nothing. */
  async startAnew(component: ManagedComponent<Context>): Promise<void> {
    component.breaker.reset();
    await this.start(component);
  }

  /** Starts a component now. Where it fails, it is DEGRADED and recovers in the background. */
  async start(component: ManagedComponent<Context>): Promise<void> {
    const missing = missingDependencies(component, this.registered());
    if (missing.length > 0) return component.become('BLOCKED', new DependencyNotStartedError(component.name, missing));
    const outcome = await this.starter.start(component, component.maxRetries, this.stopping, NO_DEADLINE);
    if (outcome === 'started') this.onStarted(component);
    if (outcome === 'failed') this.onFailed(component);
  }

  /** Ends its recovery and releases its resource. @returns when that is done or took too long; never rejects */
  async stop(component: ManagedComponent<Context>): Promise<void> {
    const recovery = this.recoveries.get(component);
    recovery?.end.abort();
    await recovery?.done;
    await component.settleLeftovers();
    this.started.delete(component);
    await component.stop();
    if (component.current !== 'FAILED') component.become('STOPPED');
  }

  /**
   * Stops all, then marks those that never started. The latest started goes first, unless another one has to: who
   * recovered late may have been meant to start earlier.
   */
  async stopAll(): Promise<void> {
    await Promise.all([...this.recoveries.values()].map(({ done }) => done));
    await Promise.all(this.registered().map((component) => component.settleLeftovers()));
    for (const component of inOrder([...this.started]).reverse()) await this.stop(component);
    for (const component of this.registered()) await this.stop(component);
  }

  private async runRecovery(
    component: ManagedComponent<Context>,
    signal: AbortSignal,
    first: 'at-once' | 'later',
  ): Promise<void> {
    const recovered = await this.recovery.run(component, signal, first);
    this.recoveries.delete(component);
    if (recovered) this.onStarted(component);
  }
}

/** Each after those of the others that it depends on or lets go first; else in the order given. */
function inOrder<Context>(components: readonly ManagedComponent<Context>[]): ManagedComponent<Context>[] {
  const isHeld = (name: string): boolean => components.some((one) => one.name === name);
  const nodes = components.map((component) => {
    const { name, dependencies = [], after = [] } = component.definition;
    return { name, component, after: [...dependencies, ...after].filter(isHeld) };
  });
  return startOrder(nodes).map(({ component }) => component);
}
