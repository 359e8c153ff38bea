import { writeFileSync } from 'node:fs';
import { NGINX_CONF, renderedNginxConf } from './compose-nginx';

it('writes the configuration of nginx that compose.yaml mounts', () => {
  writeFileSync(NGINX_CONF, renderedNginxConf());
});
