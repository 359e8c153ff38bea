// Measures on the built apps and a simulated cluster how fast pools follow it, and prints it:
//
//   npm run build
//   node tools/faults-e2e/measure-kubernetes.mjs joins [number of pods, 1000 unless given]
//   node tools/faults-e2e/measure-kubernetes.mjs events [number of rounds, 20 unless given]
import { spawnSync } from 'node:child_process';
import { ensureInstalled, projectNode, root } from '../scripts/ensure-installed.mjs';
import { setUp } from '../scripts/setup.mjs';

const SUBJECTS = ['joins', 'events'];
const [subject, ...rest] = process.argv.slice(2);
if (!SUBJECTS.includes(subject)) {
  console.error(`what to measure must be one of ${SUBJECTS.join(', ')}`);
  process.exit(2);
}

const OUTPUT = `dist/tools/faults-e2e/${subject}`;

ensureInstalled();
if (!setUp(['redis-server'])) process.exit(1);
const run = (...args) =>
  spawnSync(projectNode, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1;
const built = run(
  'tools/build/bundle.mjs',
  `tools/faults-e2e/src/kubernetes/measure-${subject}.ts`,
  '--outdir',
  OUTPUT,
);
process.exit(built === 0 ? run(`${OUTPUT}/main.js`, ...rest) : built);
