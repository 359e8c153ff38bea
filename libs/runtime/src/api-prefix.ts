import type { INestApplication } from '@nestjs/common';

/** Every route is served under it, but for those below. */
export const API_PREFIX = 'api/v1';

/** Paths at the root, and those that name the prefix themselves. */
const ROOT_PATHS = [
  '',
  'health',
  'health/*path',
  'ready',
  'metrics',
  'docs',
  'docs-json',
  'docs/*path',
  `${API_PREFIX}/*path`,
];

/** Probes, scrapers and readers of the documentation have no key. */
const OPEN_ROUTES = /^(\/api\/v1)?\/(health|ready|metrics)(\/|$)|^\/docs(-json)?(\/|$)/;

/** What decides whether the process lives, has started and gets requests. */
const PROBES = /^(\/api\/v1)?\/(health|health\/startup|ready)$/;

/** Whether the route is answered under any load. @param pattern as in `/health/startup` */
export function isProbe(pattern: string): boolean {
  return PROBES.test(pattern);
}

/** Whether everybody may call a route that says nothing about it itself. @param pattern as in `/health/details` */
export function isOpenRoute(pattern: string): boolean {
  return OPEN_ROUTES.test(pattern);
}

/** @param webhookPrefix the public paths of provider webhooks begin with it, and are served as they are */
export function usePrefix(app: INestApplication, webhookPrefix: string): void {
  app.setGlobalPrefix(API_PREFIX, { exclude: [...ROOT_PATHS, `${webhookPrefix}/*path`] });
}
