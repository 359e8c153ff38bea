/** Facts of one event, as fields of its line. An `err` field holds an error. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line: the fields and a constant message. */
export interface LogMethod {
  (fields: LogFields, message: string): void;
  (message: string): void;
}

/** What code that logs depends on; any pino logger fits. */
export interface Logger {
  trace: LogMethod;
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
  fatal: LogMethod;
}

/** What code that only reports events depends on. Messages are constant, data is in the fields. */
export interface EventLogger {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}
