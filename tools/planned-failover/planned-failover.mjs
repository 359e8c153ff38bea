// `npm run planned-failover -- --sentinel host:port --master-name name`: makes a replica the master without losing what
// was acknowledged. docs/operations.md explains the procedure, `--help` the options.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { ensureInstalled, projectNode, root } from '../scripts/ensure-installed.mjs';

const OUTPUT = 'dist/planned-failover';

ensureInstalled();
const bundle = ['tools/build/bundle.mjs', 'tools/planned-failover/src/main.ts', '--outdir', OUTPUT];
const { status } = spawnSync(projectNode, bundle, { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
const child = spawn(projectNode, [`${OUTPUT}/main.js`, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
