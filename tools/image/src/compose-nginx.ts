import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

/** Where compose.yaml mounts it from. */
export const NGINX_CONF = join(ROOT, 'tools/image/compose/nginx.conf');

/** Docker's own name server, and the three APIs behind one name. */
const VALUES = {
  router: { resolver: '127.0.0.11', apiServers: ['api:8080'], exposeApi: true, workerConnections: 1024 },
};

/** The configuration of nginx for compose.yaml, as the chart renders it. @throws with what Helm says */
export function renderedNginxConf(): string {
  const script = join(ROOT, 'tools/chart/render-chart.mjs');
  const input = JSON.stringify(VALUES);
  return execFileSync(process.execPath, [script, 'router', '-'], { input, encoding: 'utf8' });
}
