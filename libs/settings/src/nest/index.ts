export { SECRETS, SETTINGS, SettingsModule } from './settings.module';
