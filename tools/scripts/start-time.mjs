// How long the built combined app takes from the begin of its process until it serves, on the embedded store:
// `npm run build && npm run start-time` prints the medians of ten runs, and what takes the time.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const RUNS = 10;
const root = join(import.meta.dirname, '../..');
const app = join(root, 'dist/apps/smart-router/main.js');

/** One start: its phases, and each component, in milliseconds. */
async function start() {
  const env = { PATH: process.env.PATH ?? '', HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', METRICS_PORT: '0' };
  const child = spawn(process.execPath, [app], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let components = {};
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const { msg, startup, started_in_ms: total } = JSON.parse(line);
      if (startup) components = startup;
      if (msg === 'ready') return phases(total, components);
    }
    throw new Error('the app ended before it was ready');
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

function phases(total, { components, metrics }) {
  const each = Object.entries(components).map(([name, { duration_ms: ms }]) => [`  ${name}`, ms]);
  const inComponents = metrics.initialized_after_ms;
  return {
    total,
    'process, bundle and modules': total - inComponents,
    components: inComponents,
    ...Object.fromEntries(each),
  };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const runs = [];
for (let run = 0; run < RUNS; run++) runs.push(await start());
console.log(`start to ready, median of ${RUNS} runs (best of them)`);
for (const name of Object.keys(runs[0])) {
  const values = runs.map((run) => run[name]);
  console.log(`${name.padEnd(28)} ${median(values)} ms (${Math.min(...values)} ms)`);
}
