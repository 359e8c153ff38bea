import type { RedisLogger } from '../outage-log';

export interface LogRecord {
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly fields: object;
}

/** Keeps what is logged, for tests. */
export class RecordedLog implements RedisLogger {
  readonly records: LogRecord[] = [];

  info(fields: object, message: string): void {
    this.records.push({ level: 'info', message, fields });
  }

  warn(fields: object, message: string): void {
    this.records.push({ level: 'warn', message, fields });
  }

  messages(): string[] {
    return this.records.map(({ message }) => message);
  }
}
