import type { EventLogger } from '@smart-router/logging';
import type { ComponentStatus } from './component-definition';
import type { ComponentSnapshot, StartupObserver } from './startup-observer';

const fieldsOf = ({ name, priority, status, durationMs, retries, error }: ComponentSnapshot) => ({
  component: name,
  priority,
  status,
  duration_ms: Math.round(durationMs),
  retries,
  ...(error !== null && { err: error }),
});

/**
 * Writes down what happens to components: each loss and each recovery once, however long it lasts. The end of the
 * start is logged by its caller.
 */
export class StartupLog implements StartupObserver {
  /** What was logged last of those that are missing. */
  private readonly logged = new Map<string, ComponentStatus>();

  constructor(private readonly logger: EventLogger) {}

  changed(component: ComponentSnapshot, before: ComponentStatus): void {
    const { name, status } = component;
    if (status === 'SUCCESS' && this.logged.delete(name)) this.logger.info(fieldsOf(component), 'a component is back');
    if ((status !== 'DEGRADED' && status !== 'BLOCKED') || this.logged.get(name) === status) return;
    this.logged.set(name, status);
    this.logger.warn(fieldsOf(component), missing(status, before));
  }

  /** Only how it ends is worth a line. */
  attemptBegan(): void {}

  attemptFailed(component: ComponentSnapshot): void {
    // Those that follow in the background are part of the one loss that was logged.
    if (component.status === 'RUNNING') this.logger.warn(fieldsOf(component), 'starting a component failed');
  }

  cleanupFailed(component: ComponentSnapshot, error: unknown): void {
    this.logger.error({ ...fieldsOf(component), err: error }, 'stopping a component failed');
  }
}

function missing(status: ComponentStatus, before: ComponentStatus): string {
  if (status === 'BLOCKED') return 'a component waits for one that is degraded';
  return before === 'SUCCESS' ? 'a component is lost' : 'a component is degraded, serving without it';
}

/** Informs several observers, one after the other. */
export function combineObservers(...observers: readonly StartupObserver[]): StartupObserver {
  return {
    changed: (component, before) => observers.forEach((one) => one.changed(component, before)),
    attemptBegan: (component) => observers.forEach((one) => one.attemptBegan(component)),
    attemptFailed: (component) => observers.forEach((one) => one.attemptFailed(component)),
    cleanupFailed: (component, error) => observers.forEach((one) => one.cleanupFailed(component, error)),
  };
}
