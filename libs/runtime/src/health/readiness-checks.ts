import { Injectable } from '@nestjs/common';

/** Resolves where the dependency is usable, rejects where it is not. */
export type ReadinessCheck = () => Promise<unknown>;

/**
 * What this process needs to be ready. A module that owns a dependency adds its check when it is built:
 * `readiness.add('store', () => store.ping())`. Adding a name again replaces its check.
 */
@Injectable()
export class ReadinessChecks {
  private readonly checks = new Map<string, ReadinessCheck>();

  add(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  entries(): readonly (readonly [name: string, check: ReadinessCheck])[] {
    return [...this.checks];
  }
}
