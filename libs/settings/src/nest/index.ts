export { SETTINGS, SettingsModule } from './settings.module';
