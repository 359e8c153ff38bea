export { StartupManager } from '../startup-manager';
export { type ProcessComponent, StartupModule } from './startup.module';
