export { LOGGER, LoggingModule } from './logging.module';
export { NestLogAdapter } from './nest-log-adapter';
