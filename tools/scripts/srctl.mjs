// `npm run -s srctl -- status`: bundles the command line, which takes less than a second, and runs it.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { ensureInstalled, projectNode, root } from './ensure-installed.mjs';

ensureInstalled();
const { status } = spawnSync(projectNode, ['tools/build/bundle-command-line.mjs', 'apps/srctl'], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
const child = spawn(projectNode, [`${root}/dist/apps/srctl/main.js`, ...process.argv.slice(2)], { stdio: 'inherit' });
// A terminal sends Ctrl-C to both; the command line has to put its screen back first.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
