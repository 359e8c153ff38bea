// `npm run kubernetes-simulator -- --pods 5 --kubeconfig-out kube.json`: a Kubernetes API server without a cluster.
// `--help` lists the options.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { ensureInstalled, projectNode, root } from '../scripts/ensure-installed.mjs';

const OUTPUT = 'dist/tools/kubernetes-simulator';

ensureInstalled();
const args = ['tools/build/bundle.mjs', 'tools/kubernetes-simulator/src/main.ts', '--outdir', OUTPUT];
const { status } = spawnSync(projectNode, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
if (status !== 0) process.exit(status ?? 1);

// The folder stays the caller's, since a file may be named relative to it.
const main = `${root}/${OUTPUT}/main.js`;
const child = spawn(projectNode, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
