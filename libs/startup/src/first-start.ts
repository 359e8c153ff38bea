import type { ComponentStarter } from './component-starter';
import { predecessors } from './dependency-graph';
import type { ManagedComponent } from './managed-component';
import { DependencyNotStartedError, missingDependencies } from './missing-dependencies';
import type { StartupPolicy } from './startup-options';

export interface FirstStartEvents<Context> {
  /** Its resource is held now; the listener makes it SUCCESS. */
  readonly started: (component: ManagedComponent<Context>) => void;
  /** It may fail, and has; the listener makes it DEGRADED. */
  readonly failed: (component: ManagedComponent<Context>) => void;
}

/**
 * The start of all registered components, once.
 *
 * Guarantees: nothing begins before what it depends on has started; what does not depend on each other starts in
 * parallel, or one after the other where the policy is not robust; a component is tried by one start only; where one
 * that the process cannot do without has failed, nothing new begins.
 */
export class FirstStart<Context> {
  private readonly aborted = new AbortController();
  private readonly tasks = new Map<string, Promise<void>>();
  private fatal: ManagedComponent<Context> | null = null;

  /** @param ordered every component after its predecessors */
  constructor(
    private readonly ordered: readonly ManagedComponent<Context>[],
    private readonly policy: Pick<StartupPolicy, 'robust' | 'degradedAllowed'>,
    private readonly starter: ComponentStarter<Context>,
    private readonly events: FirstStartEvents<Context>,
  ) {}

  /**
   * @returns the component whose failure ended the start, or `null` once all that the process cannot do without have
   *   started; the others may still be on their way
   */
  async run(stopping: AbortSignal, deadline: AbortSignal): Promise<ManagedComponent<Context> | null> {
    const signal = AbortSignal.any([stopping, this.aborted.signal]);
    let previous = Promise.resolve();
    for (const component of this.ordered) {
      const begin = this.policy.robust ? this.precedingTasks(component) : previous;
      previous = begin.then(() => this.startOne(component, signal, deadline));
      this.tasks.set(component.name, previous);
    }
    await Promise.all(this.ordered.filter((one) => this.isRequired(one)).map(({ name }) => this.tasks.get(name)));
    if (this.fatal) await this.ended();
    return this.fatal;
  }

  /** @returns when no component is on its way any more */
  async ended(): Promise<void> {
    await Promise.all(this.tasks.values());
  }

  private async precedingTasks({ definition }: ManagedComponent<Context>): Promise<void> {
    await Promise.all(predecessors(definition).map((name) => this.tasks.get(name)));
  }

  private async startOne(
    component: ManagedComponent<Context>,
    signal: AbortSignal,
    deadline: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) return;
    const missing = missingDependencies(component, this.ordered);
    if (missing.length > 0) return this.block(component, missing);
    const maxRetries = this.policy.robust ? component.maxRetries : 0;
    const outcome = await this.starter.start(component, maxRetries, signal, deadline);
    if (outcome === 'started') this.events.started(component);
    if (outcome === 'failed') this.giveUp(component);
  }

  private giveUp(component: ManagedComponent<Context>): void {
    if (this.isRequired(component)) return this.end(component);
    this.events.failed(component);
  }

  private block(component: ManagedComponent<Context>, missing: readonly string[]): void {
    component.become('BLOCKED', new DependencyNotStartedError(component.name, missing));
    if (this.isRequired(component)) this.end(component);
  }

  private end(component: ManagedComponent<Context>): void {
    component.become('FAILED');
    this.fatal ??= component;
    this.aborted.abort();
  }

  /** Whether the process cannot do without it. */
  private isRequired({ definition: { priority } }: ManagedComponent<Context>): boolean {
    if (priority === 'CRITICAL' || !this.policy.robust) return true;
    return priority === 'HIGH' && !this.policy.degradedAllowed;
  }
}
