import type { ReadinessCheck } from './health/readiness-checks';
import type { StartedComponent, StartupRecord } from './health/startup-record';
import { failureCode } from './health/failure-code';
import { within } from './health/within';

const CHECK_TIMEOUT_MS = 1000;

/** Times the steps of a start, one after the other. */
export class StartupClock {
  private readonly startedAt = performance.now();
  private lapStartedAt = this.startedAt;
  private readonly components: [name: string, component: StartedComponent][] = [];

  get elapsedMs(): number {
    return Math.round(performance.now() - this.startedAt);
  }

  /** A step is done; the next one begins. */
  lap(name: string): void {
    this.components.push([name, { status: 'ready', duration_ms: this.lapMs() }]);
  }

  /** Tries each dependency once. A failure does not stop the start here: readiness tells of it from now on. */
  async check(
    checks: readonly (readonly [name: string, check: ReadinessCheck])[],
    onFailure: (name: string, error: unknown) => void,
  ): Promise<void> {
    for (const [name, check] of checks) {
      try {
        await within(CHECK_TIMEOUT_MS, name, check);
        this.lap(name);
      } catch (error) {
        this.components.push([name, { status: 'failed', duration_ms: this.lapMs(), error: failureCode(error) }]);
        onFailure(name, error);
      }
    }
  }

  /** The start is over. */
  writeTo(record: StartupRecord): void {
    for (const [name, component] of this.components) record.add(name, component);
    record.finish();
  }

  private lapMs(): number {
    const now = performance.now();
    const ms = Math.round(now - this.lapStartedAt);
    this.lapStartedAt = now;
    return ms;
  }
}
