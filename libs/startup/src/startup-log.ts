import type { EventLogger } from '@smart-router/logging';
import type { ComponentStatus } from './component';
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
 * Writes down what happens to components: each loss and each recovery once, however long it lasts. That the start ends
 * is for the one who began it to tell.
 */
export class StartupLog implements StartupObserver {
  constructor(private readonly logger: EventLogger) {}

  changed(component: ComponentSnapshot, before: ComponentStatus): void {
    const fields = fieldsOf(component);
    if (component.status === 'BLOCKED') this.logger.warn(fields, 'a component waits for one that is degraded');
    if (component.status === 'DEGRADED') this.degraded(fields, before);
    if (component.status === 'SUCCESS' && before === 'DEGRADED') this.logger.info(fields, 'a component is back');
  }

  attemptFailed(component: ComponentSnapshot): void {
    // Those that follow in the background are part of the one loss that was told.
    if (component.status === 'RUNNING') this.logger.warn(fieldsOf(component), 'starting a component failed');
  }

  cleanupFailed(component: ComponentSnapshot, error: unknown): void {
    this.logger.error({ ...fieldsOf(component), err: error }, 'stopping a component failed');
  }

  private degraded(fields: Readonly<Record<string, unknown>>, before: ComponentStatus): void {
    const message = before === 'SUCCESS' ? 'a component is lost' : 'a component is degraded, serving without it';
    this.logger.warn(fields, message);
  }
}

/** Tells several observers, one after the other. */
export function tellAll(...observers: readonly StartupObserver[]): StartupObserver {
  return {
    changed: (component, before) => observers.forEach((one) => one.changed(component, before)),
    attemptFailed: (component) => observers.forEach((one) => one.attemptFailed(component)),
    cleanupFailed: (component, error) => observers.forEach((one) => one.cleanupFailed(component, error)),
  };
}
