// What the chart makes of values. Plain Node, so that the demo and the compose file can use it as well as the tests:
//
//   node tools/chart/render-chart.mjs router values.json > nginx.conf     the configuration of nginx; `-` reads stdin
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureHelm } from '../kube/kube-tools.mjs';
import { root } from '../scripts/ensure-installed.mjs';

export { ensureHelm };

/** Folder of the repository. */
export const ROOT = root;

export const CHART = join(root, 'helm/smart-router');

/**
 * `helm template`.
 * @param {object} options
 * @param {object} [options.values] as in values.yaml
 * @param {readonly string[]} [options.args] further arguments
 * @param {3 | 4} [options.major] which Helm
 * @param {string} [options.chart] folder of the chart
 * @param {string} [options.release] name of the release, which is in the namespace `voice-system`
 * @returns {{ status: number, output: string, error: string }} `output` is YAML, or empty where Helm has refused
 */
export function helmTemplate({ values = {}, args = [], major = 4, chart = CHART, release = 'smart-router' } = {}) {
  const command = ['template', release, chart, '--namespace', 'voice-system', '--values', '-', ...args];
  const input = JSON.stringify(values);
  const { status, stdout, stderr, error } = spawnSync(ensureHelm(major), command, {
    input,
    encoding: 'utf8',
    maxBuffer: 64e6,
  });
  if (error) throw error;
  return { status, output: stdout, error: stderr };
}

/** What every release must say, for those who want nginx alone. */
const REQUIRED = {
  config: { VOICE_AGENT_BASE_URL: 'ws://localhost:8000', ALLOW_OPEN_API: 'true' },
  redis: { enabled: true },
};

/**
 * The configuration of nginx as the chart renders it, for nginx outside of a cluster:
 * `{ router: { resolver: '127.0.0.1:5353', listenAddress: '127.0.0.1', containerPort: 8088, apiServers: ['127.0.0.1:8080'],
 * temporaryFolder: '/tmp/x', accessLog: 'off' } }`.
 * @param {object} values as in values.yaml
 * @returns {string} nginx.conf
 * @throws with the text of Helm where it refuses the values
 */
export function renderNginxConf(values) {
  const all = { ...REQUIRED, ...values, router: { ...values.router, enabled: true } };
  const { status, output, error } = helmTemplate({
    values: all,
    args: ['--show-only', 'templates/router/configmap.yaml'],
  });
  if (status !== 0) throw new Error(error);
  const [, indented] = output.split(/^ {2}nginx\.conf: \|\n/m);
  return indented.replaceAll(/^ {4}/gm, '');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [what, file, ...rest] = process.argv.slice(2);
  if (what !== 'router' || !file || rest.length > 0) {
    console.error('usage: render-chart.mjs router <file with values as JSON, or - >');
    process.exit(2);
  }
  process.stdout.write(renderNginxConf(JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'))));
}
