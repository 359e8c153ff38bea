import { backOffMs, withTimeout } from '@smart-router/scheduling';
import { CircuitBreaker } from './circuit-breaker';
import type { AnyDefinition, ComponentStatus } from './component-definition';
import type { GraphNode } from './dependency-graph';
import { CircuitOpenError, StartDeadlineError } from './startup-errors';
import type { ComponentSnapshot } from './startup-observer';
import type { StartupPolicy, StartupPorts } from './startup-options';

/** When a start is to end before it has succeeded or failed. */
export interface StartLimits {
  /** Attempts after the first one. */
  readonly maxRetries: number;
  /** Aborted when the process stops; then the start is `abandoned`. */
  readonly stopping: AbortSignal;
  /** Aborted when the time for the whole start is over; then the component has failed. */
  readonly deadline: AbortSignal;
}

/** A background recovery that is under way. */
interface Recovery {
  readonly end: AbortController;
  readonly done: Promise<void>;
}

/**
 * A registered component and what became of it: one life of status, attempts, breaker and resource.
 *
 * Invariants: a resource is held exactly while the status is SUCCESS, or DEGRADED after it was lost; it is given to
 * `cleanup` exactly once. One attempt at a time, each let begin by the breaker; no more than one recovery at a time.
 */
export class Component implements GraphNode {
  readonly breaker: CircuitBreaker;
  private status: ComponentStatus = 'PENDING';
  private sinceMs: number;
  private beganAtMs = 0;
  private durationMs = 0;
  private attempts = 0;
  private error: unknown = null;
  private held: { readonly resource: unknown } | null = null;
  private recovery: Recovery | null = null;
  /** Attempts that were given up and may still be at work. */
  private readonly leftovers = new Set<Promise<void>>();

  constructor(
    readonly definition: AnyDefinition,
    private readonly policy: StartupPolicy,
    private readonly ports: StartupPorts,
  ) {
    this.sinceMs = ports.wallClock();
    this.breaker = new CircuitBreaker({
      threshold: policy.breakerThreshold,
      recoveryMs: Math.min(policy.recoveryMs, definition.recoveryMs ?? Infinity),
      now: () => ports.clock.now(),
    });
  }

  get name(): string {
    return this.definition.name;
  }

  get dependencies(): readonly string[] {
    return this.definition.dependencies ?? [];
  }

  get after(): readonly string[] {
    return this.definition.after ?? [];
  }

  get current(): ComponentStatus {
    return this.status;
  }

  /** Why it is not started, `null` where nothing went wrong. */
  get failure(): unknown {
    return this.error;
  }

  get maxRetries(): number {
    return this.definition.maxRetries ?? this.policy.maxRetries;
  }

  /** @returns whether what is held now is still held, for answers that come later */
  sameResource(): () => boolean {
    const { held } = this;
    return () => held !== null && this.held === held;
  }

  become(status: ComponentStatus, error: unknown = this.error): void {
    this.error = status === 'SUCCESS' ? null : error;
    if (status === this.status) return;
    const before = this.status;
    this.status = status;
    this.sinceMs = this.ports.wallClock();
    this.ports.observer.changed(this.snapshot(), before);
  }

  /**
   * Starts it by attempts with a growing random wait between them; RUNNING meanwhile. It ends as failed after the last
   * retry, with the first attempt that the breaker does not let begin, and at the deadline.
   */
  async start({ maxRetries, stopping, deadline }: StartLimits): Promise<'started' | 'failed' | 'abandoned'> {
    const signal = AbortSignal.any([stopping, deadline]);
    this.begin();
    for (let retries = 0; ; retries++) {
      const outcome = await this.attempt(signal);
      if (outcome === 'succeeded') return 'started';
      const isRetried = retries < maxRetries && this.breaker.state === 'closed';
      if (outcome === 'failed' && isRetried) await this.ports.clock.sleep(this.backOffMs(), signal);
      if (stopping.aborted) return 'abandoned';
      if (deadline.aborted) return this.fail(new StartDeadlineError(this.name, this.error));
      if (retries >= maxRetries) return 'failed';
      if (!isRetried) return this.fail(new CircuitOpenError(this.name, this.error));
    }
  }

  /**
   * Keeps trying to start it in the background until it has started or the process stops; does nothing where it is
   * tried already. Attempts, their time and the growing waits between them continue those of the start that failed.
   *
   * @param first whether to begin without a wait, for a component that was not tried yet
   * @param onStarted called when its resource is held
   */
  recover(first: 'at-once' | 'later', stopping: AbortSignal, onStarted: () => void): void {
    if (stopping.aborted || this.recovery) return;
    const end = new AbortController();
    const done = this.runRecovery(first, AbortSignal.any([stopping, end.signal])).then((hasStarted) => {
      this.recovery = null;
      if (hasStarted) onStarted();
    });
    this.recovery = { end, done };
  }

  /** Ends what is on its way: recovery and late attempts. @returns when it has ended or took too long; never rejects */
  async giveUp(): Promise<void> {
    this.recovery?.end.abort();
    await this.recovery?.done;
    await this.settleLeftovers();
  }

  /** Ends what is on its way and releases what is held. @returns when that is done or took too long; never rejects */
  async stop(): Promise<void> {
    await this.giveUp();
    const { held } = this;
    this.held = null;
    if (held) await this.dispose(held.resource);
    if (this.status !== 'FAILED') this.become('STOPPED');
  }

  /** @throws what the component's check rejects with, a TimeoutError, or the signal's reason */
  async checkHealth(signal: AbortSignal): Promise<void> {
    const { definition, held, ports, policy } = this;
    if (!held || !definition.healthCheck) return;
    const check = async (): Promise<unknown> => definition.healthCheck?.(held.resource);
    const name = `the health check of ${this.name}`;
    await withTimeout(check, { ms: policy.healthTimeoutMs, clock: ports.clock, signal, name });
  }

  snapshot(): ComponentSnapshot {
    const { name, dependencies, status, durationMs, error, sinceMs } = this;
    const { priority } = this.definition;
    const retries = Math.max(0, this.attempts - 1);
    const breaker = this.breaker.state;
    return { name, priority, status, durationMs, retries, error, dependencies, sinceMs, breaker };
  }

  /** From now on attempts, and the time that they take, are counted anew. */
  private begin(): void {
    this.beganAtMs = this.ports.clock.now();
    this.durationMs = 0;
    this.attempts = 0;
    this.become('RUNNING', null);
  }

  private fail(error: Error): 'failed' {
    this.error = error;
    return 'failed';
  }

  /** @returns whether it started; `false` only where the signal was aborted before */
  private async runRecovery(first: 'at-once' | 'later', signal: AbortSignal): Promise<boolean> {
    if (first === 'at-once') {
      await this.ports.clock.sleep(this.breaker.waitMs(), signal);
      if (!signal.aborted) this.begin();
    } else await this.pause(signal);
    for (; !signal.aborted; await this.pause(signal)) {
      const outcome = await this.attempt(signal);
      if (outcome === 'succeeded') return true;
      if (outcome === 'failed') this.become('DEGRADED');
    }
    return false;
  }

  private async pause(signal: AbortSignal): Promise<void> {
    await this.ports.clock.sleep(Math.max(this.backOffMs(), this.breaker.waitMs()), signal);
  }

  private backOffMs(): number {
    return backOffMs(this.policy.backOff, Math.max(1, this.attempts), this.ports.random());
  }

  /** One `init`, where the breaker lets it begin, after those that were given up before. */
  private async attempt(signal: AbortSignal): Promise<'succeeded' | 'failed' | 'abandoned'> {
    await this.settleLeftovers(signal);
    if (signal.aborted) return 'abandoned';
    if (!this.breaker.tryBegin()) return 'failed';
    this.ports.observer.attemptBegan(this.snapshot());
    const outcome = await this.init(signal);
    this.attempts += 1;
    this.durationMs = this.ports.clock.now() - this.beganAtMs;
    if (outcome === 'abandoned') this.breaker.abandoned();
    if (outcome === 'succeeded') this.breaker.succeeded();
    if (outcome === 'failed') {
      this.breaker.failed();
      this.ports.observer.attemptFailed(this.snapshot());
    }
    return outcome;
  }

  /** Holds what `init` made, or remembers why it failed. What it makes after it was given up is released at once. */
  private async init(signal: AbortSignal): Promise<'succeeded' | 'failed' | 'abandoned'> {
    const { definition, ports, policy } = this;
    const options = { ms: definition.timeoutMs ?? policy.timeoutMs, clock: ports.clock, signal };
    let running: Promise<unknown> = Promise.resolve();
    const begin = (given: AbortSignal): Promise<unknown> => (running = (async () => definition.init(given))());
    try {
      this.held = { resource: await withTimeout(begin, { ...options, name: `starting ${this.name}` }) };
      this.error = null;
      return 'succeeded';
    } catch (error) {
      // Nobody is left who would want to know of a failure after this one.
      const leftover = running.then(
        (resource) => this.dispose(resource),
        () => undefined,
      );
      this.leftovers.add(leftover);
      void leftover.then(() => this.leftovers.delete(leftover));
      if (signal.aborted) return 'abandoned';
      this.error = error;
      return 'failed';
    }
  }

  /**
   * Waits for attempts that were given up, as they may still use what this component depends on, and what they make has
   * to be released before another one makes it. Those that took too long are waited for no more.
   * @returns when they have ended, took too long or the signal is aborted; never rejects
   */
  private async settleLeftovers(signal?: AbortSignal): Promise<void> {
    if (this.leftovers.size === 0) return;
    const options = { ms: this.cleanupTimeoutMs, clock: this.ports.clock, name: `giving up ${this.name}` };
    try {
      await withTimeout(() => Promise.all(this.leftovers), { ...options, ...(signal && { signal }) });
    } catch {
      if (!signal?.aborted) this.leftovers.clear();
    }
  }

  /** Never rejects. */
  private async dispose(resource: unknown): Promise<void> {
    const release = async (): Promise<void> => this.definition.cleanup?.(resource);
    const options = { ms: this.cleanupTimeoutMs, clock: this.ports.clock, name: `stopping ${this.name}` };
    try {
      await withTimeout(release, options);
    } catch (error) {
      this.ports.observer.cleanupFailed(this.snapshot(), error);
    }
  }

  private get cleanupTimeoutMs(): number {
    return this.definition.cleanupTimeoutMs ?? this.policy.cleanupTimeoutMs;
  }
}
