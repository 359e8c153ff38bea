import type { ComponentStatus } from '../component';
import type { ComponentSnapshot, StartupObserver } from '../startup-observer';

/** Keeps what was reported, as short texts such as `store RUNNING>SUCCESS`. */
export class RecordingStartupObserver implements StartupObserver {
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

  removed({ name }: ComponentSnapshot): void {
    this.changes.push(`${name} removed`);
  }
}
