export { PROVIDERS, ProvidersModule } from './providers.module';
