import { boundedAttempt, type AttemptOutcome } from './bounded-attempt';
import { CircuitBreaker } from './circuit-breaker';
import type { AnyComponent, ComponentStatus } from './component';
import type { StartupPolicy, StartupPorts } from './startup-options';
import type { ComponentSnapshot } from './startup-observer';

/**
 * A registered component and what became of it: one life of status, attempts, breaker and resource.
 *
 * Invariant: a resource is held exactly while the status is SUCCESS, or DEGRADED after it was lost; it is given to
 * `cleanup` exactly once.
 */
export class ManagedComponent<Context> {
  readonly breaker: CircuitBreaker;
  private status: ComponentStatus = 'PENDING';
  private sinceMs: number;
  private beganAtMs = 0;
  private durationMs = 0;
  private attempts = 0;
  private error: unknown = null;
  private held: { readonly resource: unknown } | null = null;
  /** Attempts that were given up and may still be at work. */
  private readonly leftovers = new Set<Promise<void>>();

  constructor(
    readonly definition: AnyComponent<Context>,
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

  get current(): ComponentStatus {
    return this.status;
  }

  /** @returns whether what is held now is still held, for answers that come later */
  sameResource(): () => boolean {
    const { held } = this;
    return () => held !== null && this.held === held;
  }

  /** Why it is not started, `null` where nothing went wrong. */
  get failure(): unknown {
    return this.error;
  }

  /** Since `begin`; all of them failed, unless the last one succeeded. */
  get attemptsSoFar(): number {
    return this.attempts;
  }

  get maxRetries(): number {
    return this.definition.maxRetries ?? this.policy.maxRetries;
  }

  become(status: ComponentStatus, error: unknown = this.error): void {
    this.error = status === 'SUCCESS' ? null : error;
    if (status === this.status) return;
    const before = this.status;
    this.status = status;
    this.sinceMs = this.ports.wallClock();
    this.ports.observer.changed(this.snapshot(), before);
  }

  /** From now on attempts, and the time that they take, are counted anew. */
  begin(): void {
    this.beganAtMs = this.ports.clock.now();
    this.durationMs = 0;
    this.attempts = 0;
  }

  /** One `init`; call it only when the breaker let it begin. @returns what came of it; a failure is remembered */
  async attempt(context: Context, signal: AbortSignal): Promise<AttemptOutcome<unknown>['kind']> {
    this.ports.observer.attemptBegan(this.snapshot());
    const { outcome, leftover } = await boundedAttempt({
      step: `starting ${this.name}`,
      timeoutMs: this.definition.timeoutMs ?? this.policy.timeoutMs,
      clock: this.ports.clock,
      signal,
      run: (attemptSignal) => this.definition.init(context, attemptSignal),
      onLate: (resource) => this.dispose(resource),
    });
    this.leftovers.add(leftover);
    void leftover.then(() => this.leftovers.delete(leftover));
    this.attempts += 1;
    this.durationMs = this.ports.clock.now() - this.beganAtMs;
    this.settle(outcome);
    return outcome.kind;
  }

  private settle(outcome: AttemptOutcome<unknown>): void {
    if (outcome.kind === 'abandoned') return this.breaker.abandoned();
    if (outcome.kind === 'succeeded') {
      this.held = { resource: outcome.result };
      this.error = null;
      return this.breaker.succeeded();
    }
    this.breaker.failed();
    this.error = outcome.error;
    this.ports.observer.attemptFailed(this.snapshot());
  }

  /** Releases what is held, if anything is. @returns when that is done or took too long; never rejects */
  async stop(): Promise<void> {
    const { held } = this;
    this.held = null;
    if (held) await this.dispose(held.resource);
  }

  /**
   * Waits for attempts that were given up, as they may still use what this component depends on, and what they make has
   * to be released before another one makes it. Those that took too long are waited for no more.
   * @param signal ends the wait
   * @returns when they have ended or took too long; never rejects
   */
  async settleLeftovers(signal: AbortSignal = NEVER): Promise<void> {
    if (this.leftovers.size === 0) return;
    const { cleanupTimeoutMs: timeoutMs = this.policy.cleanupTimeoutMs } = this.definition;
    const { clock } = this.ports;
    const run = (): Promise<unknown> => Promise.all(this.leftovers);
    const step = `giving up ${this.name}`;
    const { outcome } = await boundedAttempt({ step, timeoutMs, clock, signal, run, onLate: () => undefined });
    if (outcome.kind === 'failed') this.leftovers.clear();
  }

  /** @throws what the component's check rejects with, or a StartupTimeoutError */
  async checkHealth(signal: AbortSignal): Promise<void> {
    const { held } = this;
    const { healthCheck } = this.definition;
    if (!held || !healthCheck) return;
    const { outcome } = await boundedAttempt<unknown>({
      step: `the health check of ${this.name}`,
      timeoutMs: this.policy.healthTimeoutMs,
      clock: this.ports.clock,
      signal,
      run: () => healthCheck.call(this.definition, held.resource),
      onLate: () => undefined,
    });
    if (outcome.kind === 'failed') throw outcome.error;
  }

  snapshot(): ComponentSnapshot {
    const { name, dependencies, status, durationMs, error, sinceMs } = this;
    const { priority } = this.definition;
    const retries = Math.max(0, this.attempts - 1);
    const breaker = this.breaker.state;
    return { name, priority, status, durationMs, retries, error, dependencies, sinceMs, breaker };
  }

  private async dispose(resource: unknown): Promise<void> {
    const { cleanup, cleanupTimeoutMs = this.policy.cleanupTimeoutMs } = this.definition;
    if (!cleanup) return;
    const { outcome } = await boundedAttempt<void>({
      step: `stopping ${this.name}`,
      timeoutMs: cleanupTimeoutMs,
      clock: this.ports.clock,
      signal: NEVER,
      run: () => cleanup.call(this.definition, resource),
      onLate: () => undefined,
    });
    if (outcome.kind === 'failed') this.ports.observer.cleanupFailed(this.snapshot(), outcome.error);
  }
}

/** A cleanup is given up for no other reason than its time. */
const NEVER = new AbortController().signal;
