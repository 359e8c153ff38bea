import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, onSendHookHandler } from 'fastify';

/**
 * Nothing from elsewhere, nobody's frame. Swagger UI writes styles into its page and draws with data URLs; scripts
 * come from files alone.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const DOCS_ROUTES = /^\/docs(-json)?(\/|$)/;

const addHeaders: onSendHookHandler = (_request, reply, payload, done) => {
  reply.headers(HEADERS);
  done(null, payload);
};

/** Limits what the pages of the documentation may do in a browser. They are the only pages that there are. */
export function addDocsHeaders(app: NestFastifyApplication): void {
  const instance = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  instance.addHook('onRoute', (route) => {
    if (DOCS_ROUTES.test(route.url)) route.onSend = [addHeaders, ...[route.onSend ?? []].flat()];
  });
}
