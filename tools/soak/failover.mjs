// `npm run failover`: builds the apps, lets Redis fail in every way of the table, with every setting, and prints what
// was lost. `npm run failover -- --fault "master killed" --setting "WAIT 1"` runs one row, and both options may be repeated;
// `--rounds 20` repeats each row.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { ensureInstalled, projectNode, root } from '../scripts/ensure-installed.mjs';

const BUNDLES = {
  'dist/apps/api': 'apps/api',
  'dist/apps/leader-worker': 'apps/leader-worker',
  'dist/failover': 'tools/soak/src/failover/main.ts',
};

ensureInstalled();
for (const [outdir, source] of Object.entries(BUNDLES)) {
  const args = ['tools/build/bundle.mjs', source, '--outdir', outdir];
  const { status } = spawnSync(projectNode, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
const child = spawn(projectNode, ['dist/failover/main.js', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
