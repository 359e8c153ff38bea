export { configureHttpApi } from './configure-http-api';
export { HttpApiModule } from './http-api.module';
