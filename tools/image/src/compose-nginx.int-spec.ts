import { readFileSync } from 'node:fs';
import { NGINX_CONF, renderedNginxConf } from './compose-nginx';

it('is what the chart renders (npm run docs writes it anew)', () => {
  expect(readFileSync(NGINX_CONF, 'utf8')).toBe(renderedNginxConf());
});
