export type { EventLogger, LogFields, Logger, LogMethod } from './logger';
export { createLogger, rootLogger, type RootLogger } from './root-logger';
