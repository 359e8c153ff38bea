import { Module } from '@nestjs/common';
import { activeSecrets, activeSettings } from '../active-settings';

/** The checked settings of this process, of type `Settings`. */
export const SETTINGS = Symbol('SETTINGS');

/** The secrets in force, of type `SecretSource`: look them up at each use. */
export const SECRETS = Symbol('SECRETS');

/**
 * Gives `SETTINGS` and `SECRETS` to any module that imports it. They were checked and activated before Nest started; a test
 * activates its own, or overrides the provider.
 */
@Module({
  providers: [
    { provide: SETTINGS, useFactory: activeSettings },
    { provide: SECRETS, useFactory: activeSecrets },
  ],
  exports: [SETTINGS, SECRETS],
})
export class SettingsModule {}
