export type { EventLogger, LogFields, Logger } from './logger';
export { createLogger, rootLogger, type RootLogger } from './root-logger';
