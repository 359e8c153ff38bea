export { activateSettings } from './active-settings';
export { InvalidSettingsError } from './invalid-settings-error';
export {
  loadProcessSettings,
  loadSettings,
  loadWatched,
  type LoadedSettings,
  type SettingCheck,
} from './load-settings';
export type { SecretFile } from './secret-files';
export { fixedSecrets, type RedisSecrets, type Secrets, type SecretSource } from './secrets';
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
export { type SecretFileObserver, WatchedSecrets } from './watched-secrets';
