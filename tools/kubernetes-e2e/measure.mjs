// Measures how long pods of a simulated cluster need into the pools of the built apps, and prints it:
//
//   npm run build && node tools/kubernetes-e2e/measure-joins.mjs [number of pods, 1000 unless given]
import { spawnSync } from 'node:child_process';
import { ensureInstalled, projectNode, root } from '../scripts/ensure-installed.mjs';
import { ensureRedis } from '../scripts/ensure-redis.mjs';

const OUTPUT = 'dist/tools/kubernetes-e2e';

ensureInstalled();
ensureRedis();
const run = (...args) =>
  spawnSync(projectNode, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1;
const built = run('tools/build/bundle.mjs', 'tools/kubernetes-e2e/src/measure-joins.ts', '--outdir', OUTPUT);
process.exit(built === 0 ? run(`${OUTPUT}/main.js`, ...process.argv.slice(2)) : built);
