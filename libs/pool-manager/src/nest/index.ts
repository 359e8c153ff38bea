export { PoolManagerModule } from './pool-manager.module';
