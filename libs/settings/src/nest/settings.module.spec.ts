import { Test } from '@nestjs/testing';
import { activateSettings } from '../active-settings';
import { loadSettings } from '../load-settings';
import { SETTINGS, SettingsModule } from './settings.module';

it('refuses to be built before settings were activated, then gives the active ones', async () => {
  const build = () => Test.createTestingModule({ imports: [SettingsModule] }).compile();
  await expect(build()).rejects.toThrow('before activateSettings() was called');
  const settings = loadSettings({}, 'smart-router');
  activateSettings(settings);
  expect((await build()).get(SETTINGS)).toBe(settings);
});
