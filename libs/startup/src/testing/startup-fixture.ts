import { ManualClock } from '@smart-router/scheduling/testing';
import type { ComponentStatus } from '../component';
import { StartupManager } from '../startup-manager';
import { PROFILE_POLICIES, type StartupPolicy } from '../startup-options';
import { RecordingStartupObserver } from './recording-startup-observer';
import { scriptedComponent, type Script, type Trace } from './scripted-component';

/** A manager of scripted components whose time moves only when the test moves it. */
export class StartupFixture {
  readonly clock = new ManualClock();
  readonly observer = new RecordingStartupObserver();
  readonly trace: Trace = [];
  readonly manager: StartupManager<unknown>;

  /** @param random half of every bound unless given */
  constructor(scripts: readonly Script[], policy: Partial<StartupPolicy> = {}, random: () => number = () => 0.5) {
    this.manager = new StartupManager<unknown>(
      null,
      { ...PROFILE_POLICIES.production, ...policy },
      { clock: this.clock, random, wallClock: () => this.clock.now(), observer: this.observer },
    );
    for (const script of scripts) this.manager.register(scriptedComponent(script, this.trace));
  }

  /** Adds one to the running process. */
  add(script: Script): Promise<void> {
    return this.manager.add(scriptedComponent(script, this.trace));
  }

  statuses(): Record<string, ComponentStatus> {
    const { components } = this.manager.report();
    return Object.fromEntries(Object.entries(components).map(([name, { status }]) => [name, status]));
  }
}
