export { StartupManager } from '../startup-manager';
export { StartupModule } from './startup.module';
