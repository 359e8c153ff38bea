import type { ComponentStarter } from './component-starter';
import type { ManagedComponent } from './managed-component';
import type { StartupPorts } from './startup-options';

/**
 * Goes on trying to start one component in the background. Its attempts and their time are added to those of the start
 * that it goes on with.
 *
 * Guarantees: one attempt at a time, each let begin by the component's breaker, with a random wait before it; it ends
 * with the first success or with the signal, and nothing of it goes on after it has ended.
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
    for (let failures = first === 'at-once' ? 0 : 1; !signal.aborted; failures++) {
      await this.pause(component, failures, signal);
      if (failures === 0) this.begin(component);
      const outcome = await this.starter.attempt(component, signal);
      if (outcome === 'succeeded') return true;
      if (outcome === 'failed') component.become('DEGRADED');
    }
    return false;
  }

  private begin(component: ManagedComponent<Context>): void {
    component.begin();
    component.become('RUNNING', null);
  }

  private async pause(component: ManagedComponent<Context>, failures: number, signal: AbortSignal): Promise<void> {
    const waitMs = failures === 0 ? 0 : this.starter.waitMs(failures);
    await this.ports.clock.sleep(Math.max(waitMs, component.breaker.waitMs()), signal);
  }
}
