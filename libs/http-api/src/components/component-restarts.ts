import { ApiError } from '@smart-router/http';
import type { Logger } from '@smart-router/logging';
import type { ChangeAuthor, ChangeLog } from '@smart-router/routing-store';
import { type Clock, withTimeout } from '@smart-router/scheduling';
import { type ReportedComponent, UnknownComponentError } from '@smart-router/startup';
import type { StartupManager } from '@smart-router/startup/nest';
import type { ReinitializeResponse } from './component.dto';

/** An answer waits at most this long for a restart, which continues behind it. */
const LONGEST_WAIT_MS = 10_000;

/** The component that holds the connection of whoever asks. */
const HTTP = 'http';

const BUSY_TEXTS = {
  start: 'components busy: the start of this process is not over',
  restart: 'components busy: this process restarts a component already',
} as const;

interface ComponentRestartsParts {
  readonly manager: StartupManager;
  readonly changes: Pick<ChangeLog, 'record'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The name of this process among its replicas. */
  readonly instance: string;
}

/**
 * Restarts components of this process when an operator asks for it, one at a time.
 *
 * Each restart that has ended is one log line, and one record of the change log where the store takes it: the store may
 * be what is restarted, or be away.
 */
export class ComponentRestarts {
  constructor(private readonly parts: ComponentRestartsParts) {}

  /**
   * @returns when it is over, or after 10 s; at once where the answer would have to pass through what is restarted
   * @throws ApiError COMPONENT_NOT_FOUND, COMPONENTS_BUSY, SHUTTING_DOWN: nothing is restarted
   */
  async restart(component: string, author: ChangeAuthor): Promise<ReinitializeResponse> {
    const restarted = this.affectedBy(component);
    this.refuseWhileBusy();
    const done = this.restartAndRecord(component, author);
    const completed = restarted.includes(HTTP) ? false : await this.isOverInTime(done);
    return { component, instance: this.parts.instance, completed, restarted, report: this.reportOf(component) };
  }

  private affectedBy(component: string): readonly string[] {
    try {
      return this.parts.manager.restartedWith(component);
    } catch (error) {
      if (!(error instanceof UnknownComponentError)) throw error;
      throw new ApiError('COMPONENT_NOT_FOUND', { text: error.message, cause: error });
    }
  }

  private refuseWhileBusy(): void {
    const { busyWith } = this.parts.manager;
    if (busyWith === 'stop') throw new ApiError('SHUTTING_DOWN');
    if (busyWith !== null) throw new ApiError('COMPONENTS_BUSY', { text: BUSY_TEXTS[busyWith] });
  }

  /** Never rejects. */
  private async restartAndRecord(component: string, author: ChangeAuthor): Promise<void> {
    const { changes, instance, logger, manager } = this.parts;
    const before = this.reportOf(component).status;
    const fields = { component, actor: author.actor, request_id: author.requestId };
    try {
      await manager.reinitialize(component);
      const after = this.reportOf(component).status;
      logger.info({ ...fields, status: after }, 'a component was reinitialized');
      const text = (status: string): string => JSON.stringify({ instance, status });
      const content = { subject: component, version: null, before: text(before), after: text(after) };
      await changes.record({ ...author, action: 'component.reinitialize' }, content);
    } catch (err) {
      // The process stops and restarts nothing any more, or the store takes no record.
      logger.warn({ ...fields, err }, 'the reinitialization of a component was not recorded');
    }
  }

  private isOverInTime(done: Promise<void>): Promise<boolean> {
    const options = { ms: LONGEST_WAIT_MS, clock: this.parts.clock, name: 'the restart of a component' };
    return withTimeout(() => done, options).then(
      () => true,
      () => false,
    );
  }

  private reportOf(component: string): ReportedComponent {
    return this.parts.manager.report().components[component] as ReportedComponent;
  }
}
