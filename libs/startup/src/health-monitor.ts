import { PeriodicLoop } from '@smart-router/scheduling';
import type { Component } from './component';
import type { StartupPolicy, StartupPorts } from './startup-options';

/**
 * Asks started components whether they work. One that does not is DEGRADED, with its resource still held, until it
 * reports again that it works: its resource repairs itself, such as a client that connects anew.
 */
export class HealthMonitor {
  /** @param started those that are held now @param onRecovered called when one works again */
  constructor(
    private readonly started: () => Iterable<Component>,
    private readonly policy: Pick<StartupPolicy, 'healthIntervalMs' | 'backOff'>,
    private readonly ports: Pick<StartupPorts, 'clock' | 'random'>,
    private readonly onRecovered: () => void,
  ) {}

  /** @returns when the signal is aborted and no check is under way */
  run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.ports;
    const { backOff, healthIntervalMs: intervalMs } = this.policy;
    const checks = (): Promise<void> => this.check(signal);
    // A check that fails shows in the component's status; the round itself cannot fail.
    return new PeriodicLoop(checks, { intervalMs, backOff, clock, random, onFailure: () => undefined }).run(signal);
  }

  /** Asks each once. */
  async check(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.started()].map((component) => this.checkOne(component, signal)));
  }

  private async checkOne(component: Component, signal: AbortSignal): Promise<void> {
    const isCurrent = component.sameResource();
    try {
      await component.checkHealth(signal);
    } catch (error) {
      if (signal.aborted) return;
      if (isCurrent() && component.current === 'SUCCESS') component.become('DEGRADED', error);
      return;
    }
    if (signal.aborted || !isCurrent() || component.current !== 'DEGRADED') return;
    component.become('SUCCESS');
    this.onRecovered();
  }
}
