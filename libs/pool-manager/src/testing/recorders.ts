import type { LeaderObserver } from '../domain/leader-observer';
import type { EventLogger } from '@smart-router/logging';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: object;
}

export class RecordingLogger implements EventLogger {
  readonly lines: LogLine[] = [];

  info(fields: object, message: string): void {
    this.lines.push({ level: 'info', message, fields });
  }

  warn(fields: object, message: string): void {
    this.lines.push({ level: 'warn', message, fields });
  }

  error(fields: object, message: string): void {
    this.lines.push({ level: 'error', message, fields });
  }

  /** Messages of this level, in order. */
  messages(level: LogLine['level']): string[] {
    return this.lines.filter((line) => line.level === level).map(({ message }) => message);
  }
}

/** Keeps what it was told as short texts, such as `corrected removed 1`. */
export class RecordingObserver implements LeaderObserver {
  readonly events: string[] = [];

  leading(epoch: number | null): void {
    this.events.push(`leading ${epoch}`);
  }

  reconciled(outcome: string, durationMs: number): void {
    this.events.push(`reconciled ${outcome} ${durationMs}`);
  }

  corrected(action: string, count: number): void {
    this.events.push(`corrected ${action} ${count}`);
  }

  callsEnded(reason: string, count: number): void {
    this.events.push(`ended ${reason} ${count}`);
  }
}
