import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { Settings } from '@smart-router/settings';
import { SETTINGS } from '@smart-router/settings/nest';
import type { FastifyReply } from 'fastify';
import { addDocsHeaders } from './openapi/docs-headers';
import { buildOpenApiDocument } from './openapi/openapi-document';
import { withoutPrefilledWrites } from './openapi/safe-examples';

const PATH = 'docs';
const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * Serves Swagger UI at `/docs` and the OpenAPI document at `/docs-json`, outside of the API's prefix, unless the
 * settings say otherwise. Nothing is loaded from elsewhere. The document is built when it is first asked for, since
 * building it would slow every start. Call it before `app.init()`.
 */
export function configureHttpApi(app: NestFastifyApplication): void {
  if (!app.get<Settings>(SETTINGS, { strict: false }).access.docsEnabled) return;
  addDocsHeaders(app);
  const document = once(() => buildOpenApiDocument(app));
  const text = once(() => JSON.stringify(document()));
  // Swagger's own route would write the whole document anew for each request.
  app
    .getHttpAdapter()
    .get(`/${PATH}-json`, (_request: unknown, reply: FastifyReply) => reply.type(JSON_TYPE).send(text()));
  SwaggerModule.setup(PATH, app, () => withoutPrefilledWrites(document()), {
    raw: false,
    customSiteTitle: 'Smart Router API',
    swaggerOptions: { displayRequestDuration: true, tryItOutEnabled: false, filter: true },
  });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
