import type { ComponentStarter } from './component-starter';
import type { ManagedComponent } from './managed-component';
import type { StartupPorts } from './startup-options';

/**
 * Keeps trying to start one component in the background. Its attempts, their time and the growing waits between them
 * continue those of the start that failed.
 *
 * Guarantees: one attempt at a time, each let begin by the component's breaker, with a random wait before it; it ends
 * with the first success or with the signal, and nothing of it runs after it has ended.
 */
export class ComponentRecovery<Context> {
  constructor(
    private readonly starter: ComponentStarter<Context>,
    private readonly ports: Pick<StartupPorts, 'clock'>,
  ) {}

  /**
   * @param first whether to begin without a wait, for a component that was not tried yet
   * @returns whether it started; `false` only where the signal was aborted before
   */
  async run(component: ManagedComponent<Context>, signal: AbortSignal, first: 'at-once' | 'later'): Promise<boolean> {
    if (first === 'at-once') await this.begin(component, signal);
    else await this.pause(component, signal);
    for (; !signal.aborted; await this.pause(component, signal)) {
      const outcome = await this.starter.attempt(component, signal);
      if (outcome === 'succeeded') return true;
      if (outcome === 'failed') component.become('DEGRADED');
    }
    return false;
  }

  private async begin(component: ManagedComponent<Context>, signal: AbortSignal): Promise<void> {
    await this.ports.clock.sleep(component.breaker.waitMs(), signal);
    if (signal.aborted) return;
    component.begin();
    component.become('RUNNING', null);
  }

  private async pause(component: ManagedComponent<Context>, signal: AbortSignal): Promise<void> {
    const waitMs = this.starter.waitMs(Math.max(1, component.attemptsSoFar));
    await this.ports.clock.sleep(Math.max(waitMs, component.breaker.waitMs()), signal);
  }
}
