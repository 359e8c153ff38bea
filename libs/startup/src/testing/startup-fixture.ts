import { ManualClock } from '@smart-router/scheduling/testing';
import type { ComponentStatus } from '../component-definition';
import type { ComponentSnapshot, StartupObserver } from '../startup-observer';
import { StartupManager } from '../startup-manager';
import { PROFILE_POLICIES, type StartupPolicy } from '../startup-options';
import { scriptedComponent, type Script, type Trace } from './scripted-component';

/** Keeps what was reported, as short texts such as `store RUNNING>SUCCESS`. */
class RecordingStartupObserver implements StartupObserver {
  readonly changes: string[] = [];
  /** Each with the state of the breaker. */
  readonly attempts: string[] = [];
  readonly failures: string[] = [];
  readonly cleanupFailures: string[] = [];

  changed({ name, status }: ComponentSnapshot, before: ComponentStatus): void {
    this.changes.push(`${name} ${before}>${status}`);
  }

  attemptBegan({ name, breaker }: ComponentSnapshot): void {
    this.attempts.push(`${name}: ${breaker}`);
  }

  attemptFailed({ name, error }: ComponentSnapshot): void {
    this.failures.push(`${name}: ${String(error)}`);
  }

  cleanupFailed({ name }: ComponentSnapshot, error: unknown): void {
    this.cleanupFailures.push(`${name}: ${String(error)}`);
  }
}

/** A manager of scripted components whose time moves only when the test moves it. */
export class StartupFixture {
  readonly clock = new ManualClock();
  readonly observer = new RecordingStartupObserver();
  readonly trace: Trace = [];
  readonly manager: StartupManager;

  /** @param random half of every bound unless given */
  constructor(scripts: readonly Script[], policy: Partial<StartupPolicy> = {}, random: () => number = () => 0.5) {
    this.manager = new StartupManager(
      { ...PROFILE_POLICIES.production, ...policy },
      { clock: this.clock, random, wallClock: () => this.clock.now(), observer: this.observer },
    );
    for (const script of scripts) this.manager.register(scriptedComponent(script, this.trace));
  }

  statuses(): Record<string, ComponentStatus> {
    const { components } = this.manager.report();
    return Object.fromEntries(Object.entries(components).map(([name, { status }]) => [name, status]));
  }
}
