// `npm run simulate -- --runs 100000 --seed 1`: simulates how processes recover a store that has lost data, one run for each
// seed. `--trace` prints everything that happens in the run of one seed.
import { spawnSync } from 'node:child_process';
import { ensureInstalled, projectNode, root } from '../scripts/ensure-installed.mjs';

ensureInstalled();
const build = ['tools/build/bundle.mjs', 'tools/simulation/src/main.ts', '--outdir', 'dist/simulation'];
for (const args of [build, ['dist/simulation/main.js', ...process.argv.slice(2)]]) {
  const { status } = spawnSync(projectNode, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
