export { configureHttpApi } from './configure-http-api';
export { HttpApiModule } from './http-api.module';
export { buildOpenApiDocument } from './openapi/openapi-document';
