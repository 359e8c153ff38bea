export { activateSettings } from './active-settings';
export { InvalidSettingsError } from './invalid-settings-error';
export { loadProcessSettings, loadSettings, type SettingCheck } from './load-settings';
export { misspeltProcessSettings } from './misspelt-settings';
export type {
  AccessSettings,
  ApiKeySetting,
  AppName,
  HttpSettings,
  KubernetesSettings,
  LogSettings,
  RedisSettings,
  Settings,
  TimingSettings,
  WebhookSettings,
} from './settings';
export { VERSION } from './version';
