import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { Settings } from '@smart-router/settings';
import { SETTINGS } from '@smart-router/settings/nest';
import { addDocsHeaders } from './openapi/docs-headers';
import { buildOpenApiDocument } from './openapi/openapi-document';

const PATH = 'docs';

/**
 * Serves Swagger UI at `/docs` and the OpenAPI document at `/docs-json`, outside of the API's prefix, unless the
 * settings say otherwise. Nothing is loaded from elsewhere. The document is built when it is first asked for, since
 * building it would slow every start. Call it before `app.init()`.
 */
export function configureHttpApi(app: NestFastifyApplication): void {
  if (!app.get<Settings>(SETTINGS, { strict: false }).access.docsEnabled) return;
  addDocsHeaders(app);
  SwaggerModule.setup(PATH, app, () => buildOpenApiDocument(app), {
    raw: ['json'],
    jsonDocumentUrl: `${PATH}-json`,
    customSiteTitle: 'Smart Router API',
    swaggerOptions: { displayRequestDuration: true, tryItOutEnabled: true },
  });
}
