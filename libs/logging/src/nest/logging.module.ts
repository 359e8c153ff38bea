import { Module } from '@nestjs/common';
import type { Settings } from '@smart-router/settings';
import { SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import { rootLogger } from '../root-logger';

/** The logger of this process, of type `Logger`. */
export const LOGGER = Symbol('LOGGER');

@Module({
  imports: [SettingsModule],
  providers: [{ provide: LOGGER, inject: [SETTINGS], useFactory: (settings: Settings) => rootLogger(settings).logger }],
  exports: [LOGGER],
})
export class LoggingModule {}
