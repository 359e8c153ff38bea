import type { LoggerService } from '@nestjs/common';
import type { LogFields, Logger } from '../logger';

const START_FAILURE_SPEAKER = 'ExceptionHandler';

/**
 * Lets Nest write through our logger. What the framework says about its own start (modules, routes) is of interest
 * to developers only, so its "log" is our debug.
 */
export class NestLogAdapter implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...context: unknown[]): void {
    this.logger.debug(fieldsOf(message, context), 'framework');
  }

  debug(message: unknown, ...context: unknown[]): void {
    this.logger.debug(fieldsOf(message, context), 'framework');
  }

  verbose(message: unknown, ...context: unknown[]): void {
    this.logger.trace(fieldsOf(message, context), 'framework');
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.logger.warn(fieldsOf(message, context), 'framework warning');
  }

  error(message: unknown, ...context: unknown[]): void {
    const fields = fieldsOf(message, context);
    // What stops the start is thrown on to whoever starts the application, who logs it.
    if (fields['speaker'] === START_FAILURE_SPEAKER) this.logger.debug(fields, 'framework error');
    else this.logger.error(fields, 'framework error');
  }

  fatal(message: unknown, ...context: unknown[]): void {
    this.logger.fatal(fieldsOf(message, context), 'framework error');
  }
}

/** Nest gives the name of the speaking class last. */
function fieldsOf(message: unknown, context: readonly unknown[]): LogFields {
  const speaker = context.at(-1);
  return message instanceof Error ? { err: message, speaker } : { detail: String(message), speaker };
}
