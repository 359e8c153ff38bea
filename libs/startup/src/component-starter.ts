import { backOffMs } from '@smart-router/scheduling';
import type { ManagedComponent } from './managed-component';
import type { StartupPolicy, StartupPorts } from './startup-options';

/** For the one line that tells why a start failed: without its cause it would not help. */
const because = (cause: unknown): string => (cause instanceof Error ? `: ${cause.message}` : '');

/** The time for the whole start ran out. */
export class StartDeadlineError extends Error {
  readonly code = 'START_DEADLINE';

  /** @param cause why the last attempt failed, `null` where none did */
  constructor(component: string, cause: unknown) {
    super(`the time for the whole start ran out before ${component} had started${because(cause)}`, { cause });
  }
}

/** No attempt is made, as too many failed. */
export class CircuitOpenError extends Error {
  readonly code = 'CIRCUIT_OPEN';

  /** @param cause why the last attempt failed, `null` where none was made */
  constructor(component: string, cause: unknown) {
    super(`${component} failed too often, no further attempt for now${because(cause)}`, { cause });
  }
}

export type StartOutcomeKind = 'started' | 'failed' | 'abandoned';

/** Starts one component by attempts and waits, until it has started, failed, or the process stops. */
export class ComponentStarter<Context> {
  constructor(
    private readonly context: Context,
    private readonly policy: Pick<StartupPolicy, 'backOff'>,
    private readonly ports: Pick<StartupPorts, 'clock' | 'random'>,
  ) {}

  /**
   * The component is RUNNING meanwhile. It ends as failed after the last retry, with the first attempt that the
   * breaker does not let begin, and when `deadline` is aborted.
   *
   * @param stopping aborted when the process stops; then the outcome is `abandoned`
   */
  async start(
    component: ManagedComponent<Context>,
    maxRetries: number,
    stopping: AbortSignal,
    deadline: AbortSignal,
  ): Promise<StartOutcomeKind> {
    const { clock } = this.ports;
    const signal = AbortSignal.any([stopping, deadline]);
    component.begin();
    component.become('RUNNING', null);
    for (let retries = 0; ; retries++) {
      const outcome = await this.attempt(component, signal);
      if (outcome === 'succeeded') return 'started';
      if (outcome === 'failed' && retries < maxRetries && component.breaker.state === 'closed') {
        await clock.sleep(this.waitMs(retries + 1), signal);
      }
      if (stopping.aborted) return 'abandoned';
      if (deadline.aborted) return fail(component, new StartDeadlineError(component.name, component.failure));
      if (retries >= maxRetries) return 'failed';
      if (component.breaker.state !== 'closed') {
        return fail(component, new CircuitOpenError(component.name, component.failure));
      }
    }
  }

  /** Makes one attempt where the breaker lets it begin, after those that were given up before. */
  async attempt(
    component: ManagedComponent<Context>,
    signal: AbortSignal,
  ): Promise<'succeeded' | 'failed' | 'abandoned'> {
    await component.settleLeftovers(signal);
    if (signal.aborted) return 'abandoned';
    return component.breaker.tryBegin() ? component.attempt(this.context, signal) : 'failed';
  }

  waitMs(failuresInARow: number): number {
    return backOffMs(this.policy.backOff, failuresInARow, this.ports.random());
  }
}

function fail(component: ManagedComponent<unknown>, error: Error): 'failed' {
  component.become('RUNNING', error);
  return 'failed';
}
