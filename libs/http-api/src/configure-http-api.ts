import type { INestApplication } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import { buildOpenApiDocument } from './openapi/openapi-document';

const PATH = 'docs';

/**
 * Serves Swagger UI at `/docs` and the OpenAPI document at `/docs-json`, outside of the API's prefix. Nothing is
 * loaded from elsewhere. The document is built when it is first asked for, since building it would slow every start.
 * Call it before `app.init()`.
 */
export function configureHttpApi(app: INestApplication): void {
  SwaggerModule.setup(PATH, app, () => buildOpenApiDocument(app), {
    raw: ['json'],
    jsonDocumentUrl: `${PATH}-json`,
    customSiteTitle: 'Smart Router API',
    swaggerOptions: { displayRequestDuration: true, tryItOutEnabled: true },
  });
}
