import { Injectable } from '@nestjs/common';

/** Resolves where the dependency is usable, rejects where it is not. */
type ReadinessCheck = () => Promise<unknown>;

/** Facts for operators, to be sent as JSON, which must not be secret; rejects where something is wrong. */
type HealthDetail = () => Promise<object>;

/**
 * What this process needs to be ready. A module that owns a dependency adds its check when it is built:
 * `readiness.add('store', () => store.ping())`. Adding a name again replaces its check.
 */
@Injectable()
export class ReadinessChecks {
  private readonly checks = new Map<string, ReadinessCheck>();
  private readonly details = new Map<string, HealthDetail>();

  add(name: string, check: ReadinessCheck): void {
    this.checks.set(name, shared(check));
  }

  /** Shown beside the checks to who asks for details; the process is ready whatever it says. */
  addDetail(name: string, detail: HealthDetail): void {
    this.details.set(name, shared(detail));
  }

  detailEntries(): readonly (readonly [name: string, detail: HealthDetail])[] {
    return [...this.details];
  }

  entries(): readonly (readonly [name: string, check: ReadinessCheck])[] {
    return [...this.checks];
  }
}

/** Everybody may probe: however many do at once, a dependency is asked once. */
function shared<T>(check: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | null = null;
  return () => {
    underWay ??= check().finally(() => {
      underWay = null;
    });
    return underWay;
  };
}
