export type { EventLogger, LogFields, Logger } from './logger';
export { createLogger, extendLines, rootLogger, type RootLogger } from './root-logger';
