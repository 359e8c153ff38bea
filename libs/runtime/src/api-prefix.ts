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

/** @param webhookPrefix the public paths of provider webhooks begin with it, and are served as they are */
export function usePrefix(app: INestApplication, webhookPrefix: string): void {
  app.setGlobalPrefix(API_PREFIX, { exclude: [...ROOT_PATHS, `${webhookPrefix}/*path`] });
}
