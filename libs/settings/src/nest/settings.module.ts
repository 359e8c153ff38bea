import { Module } from '@nestjs/common';
import { activeSettings } from '../active-settings';

/** The checked settings of this process, of type `Settings`. */
export const SETTINGS = Symbol('SETTINGS');

/**
 * Gives `SETTINGS` to any module that imports it. They were checked and activated before Nest started; a test
 * activates its own, or overrides the provider.
 */
@Module({
  providers: [{ provide: SETTINGS, useFactory: activeSettings }],
  exports: [SETTINGS],
})
export class SettingsModule {}
