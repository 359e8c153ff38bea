// `npm run soak -- --minutes 2 --seed 7`: builds the apps and the soak into a folder of their own, so that a build in
// between does not exchange them under the run, and runs the soak. Its exit code is 0 where nothing was violated.
// `npm run soak -- failover` (or `npm run failover`) lets Redis fail in every way of a table, with every setting, and
// prints what was lost: `-- --fault "master killed" --setting "WAIT 1" --rounds 20` repeats one row (docs/evidence/failover.md).
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { ensureInstalled, projectNode, root } from '../scripts/ensure-installed.mjs';

const OUTPUT = 'dist/soak';
const BUNDLES = {
  api: 'apps/api',
  'leader-worker': 'apps/leader-worker',
  soak: 'tools/soak/src/main.ts',
};

// A store that is broken on purpose, which the soak must notice; see CONTRIBUTING.md.
const mutant = process.env.LUA_MUTANT ?? '';

function build(source, name) {
  const args = ['tools/build/bundle.mjs', source, '--outdir', `${OUTPUT}/${name}`, '--lua-mutant', mutant];
  const { status } = spawnSync(projectNode, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

ensureInstalled();
for (const [name, source] of Object.entries(BUNDLES)) build(source, name);
const given = process.argv.slice(2);
const mode = given[0] === 'failover' ? given.shift() : 'calls';
const args = [`${OUTPUT}/soak/main.js`, mode, '--apps', OUTPUT, ...given];
const child = spawn(projectNode, args, { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
