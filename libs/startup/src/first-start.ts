import type { ComponentStarter } from './component-starter';
import { predecessors } from './dependency-graph';
import type { ManagedComponent } from './managed-component';
import type { StartupPolicy } from './startup-options';

/** A component cannot start, as one that it depends on has not. */
export class DependencyNotStartedError extends Error {
  readonly code = 'DEPENDENCY_NOT_STARTED';

  constructor(component: string, dependencies: readonly string[]) {
    super(`${component} cannot start without ${dependencies.join(', ')}`);
  }
}

export interface FirstStartEvents<Context> {
  /** Its resource is held now. */
  readonly started: (component: ManagedComponent<Context>) => void;
  /** It may fail, and has; it is DEGRADED now. */
  readonly degraded: (component: ManagedComponent<Context>) => void;
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
    const missing = this.missingDependencies(component);
    if (missing.length > 0) return this.block(component, missing);
    const maxRetries = this.policy.robust ? component.maxRetries : 0;
    const outcome = await this.starter.start(component, maxRetries, signal, deadline);
    if (outcome === 'started') this.succeed(component);
    if (outcome === 'failed') this.giveUp(component);
  }

  private succeed(component: ManagedComponent<Context>): void {
    component.become('SUCCESS');
    this.events.started(component);
  }

  private giveUp(component: ManagedComponent<Context>): void {
    if (this.isRequired(component)) return this.end(component);
    component.become('DEGRADED');
    this.events.degraded(component);
  }

  private block(component: ManagedComponent<Context>, missing: readonly string[]): void {
    component.become('BLOCKED', new DependencyNotStartedError(component.name, missing));
    if (component.definition.priority === 'CRITICAL') this.end(component);
  }

  private end(component: ManagedComponent<Context>): void {
    component.become('FAILED');
    this.fatal ??= component;
    this.aborted.abort();
  }

  private missingDependencies({ dependencies }: ManagedComponent<Context>): readonly string[] {
    return this.ordered
      .filter(({ name, current }) => dependencies.includes(name) && current !== 'SUCCESS')
      .map(({ name }) => name);
  }

  /** Whether the process cannot do without it. */
  private isRequired({ definition: { priority } }: ManagedComponent<Context>): boolean {
    if (priority === 'CRITICAL' || !this.policy.robust) return true;
    return priority === 'HIGH' && !this.policy.degradedAllowed;
  }
}
