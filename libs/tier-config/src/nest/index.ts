export { TierConfigModule } from './tier-config.module';
