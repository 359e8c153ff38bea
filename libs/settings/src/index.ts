export { activateSettings } from './active-settings';
export { IDENTIFIER, IDENTIFIER_RULE } from './identifiers';
export { InvalidSettingsError } from './invalid-settings-error';
export { loadProcessSettings, loadSettings, type SettingCheck } from './load-settings';
export type { SecretFile } from './secret-files';
export type { Secrets, SecretSource } from './secrets';
export { misspeltProcessSettings } from './misspelt-settings';
export type {
  AccessSettings,
  ApiKeySetting,
  AppName,
  HttpSettings,
  KubernetesSettings,
  RedisSettings,
  Settings,
  WebhookSettings,
} from './settings';
export { type SecretFileObserver, WatchedSecrets } from './watched-secrets';
export { VERSION } from './version';
