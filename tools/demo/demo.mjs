// `npm run demo`: the whole product alive on this machine, with calls. `-- --help` lists the options.
// Builds what it needs into a folder of its own, so that a build in between does not exchange it under the run.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ensureHelm } from '../kube/kube-tools.mjs';
import { ensureInstalled, projectNode, root } from '../scripts/ensure-installed.mjs';
import { setUp } from '../scripts/setup.mjs';
import { sourceHash } from '../scripts/source-hash.mjs';

const OUTPUT = 'dist/demo';
const HASH_FILE = join(root, OUTPUT, '.sources');
const TOOLS = ['tools/demo', 'tools/testbed', 'tools/kubernetes-simulator'];
const BUNDLES = {
  api: 'apps/api',
  'leader-worker': 'apps/leader-worker',
  'kubernetes-simulator': 'tools/kubernetes-simulator/src/main.ts',
  agent: 'tools/demo/src/agent/main.ts',
  demo: 'tools/demo/src/main.ts',
};

function build() {
  const hash = sourceHash(root, TOOLS);
  if (existsSync(HASH_FILE) && readFileSync(HASH_FILE, 'utf8') === hash) return;
  console.log('Building ...');
  for (const [name, source] of Object.entries(BUNDLES)) {
    const args = ['tools/build/bundle.mjs', source, '--outdir', `${OUTPUT}/${name}`];
    const { status } = spawnSync(projectNode, args, { cwd: root, stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
  }
  writeFileSync(HASH_FILE, hash);
}

function fetchHelm() {
  try {
    ensureHelm(4);
  } catch (error) {
    console.error(`The demo renders the chart's configuration of nginx with Helm, which is not here: ${error.message}`);
    process.exit(1);
  }
}

/** A signal to npm ends npm and its shell, which do not pass it on: notice that they are gone. */
function stopWithParent(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 250).unref();
}

function run(given) {
  const main = [projectNode, `${OUTPUT}/demo/main.js`, join(root, OUTPUT), root];
  // It ends in order when this process ends in whatever way.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', ...main, ...given], { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  stopWithParent(child);
  child.on('error', (error) => {
    console.error(`The demo needs Linux with setpriv (Debian: util-linux): ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    // A demo that was killed has left the terminal as it was while it read keys.
    if (signal !== null && process.stdin.isTTY) spawnSync('stty', ['sane'], { stdio: ['inherit', 'ignore', 'ignore'] });
    process.exit(code ?? 128 + constants.signals[signal]);
  });
}

ensureInstalled();
if (!setUp(['redis-server', 'nginx'])) process.exit(1);
fetchHelm();
build();
run(process.argv.slice(2));
