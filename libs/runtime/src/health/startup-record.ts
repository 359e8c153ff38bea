import { Injectable } from '@nestjs/common';

export interface StartedComponent {
  readonly status: 'ready' | 'failed';
  readonly duration_ms: number;
  readonly error?: string;
}

export interface StartupReport {
  readonly initialized: boolean;
  readonly components: Readonly<Record<string, StartedComponent>>;
}

/** What was started, how long it took, and whether the start is over. */
@Injectable()
export class StartupRecord {
  private readonly components: Record<string, StartedComponent> = {};
  private finished = false;

  add(name: string, component: StartedComponent): void {
    this.components[name] = component;
  }

  finish(): void {
    this.finished = true;
  }

  report(): StartupReport {
    return { initialized: this.finished, components: { ...this.components } };
  }
}
