// `npm run check`, `npm test`, `npm run test:faults`, `npm run test:nightly`: the tiers of tests.
// Plain Node 20 without dependencies, since it installs them; everything that it starts runs on the project's Node.
//
//   node tools/scripts/test.mjs check test      the steps of these tiers, each step once
//   node tools/scripts/test.mjs int             one step (see STEPS)
//
// The last line is the count: "N passed, N failed". The exit code is not 0 where anything failed or nothing ran.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { ensureInstalled, root } from './ensure-installed.mjs';
import { setUp } from './setup.mjs';
import { countsFile, forgetCounts, readCounts } from './test-counts.mjs';

/** A test that leaves a socket open keeps its runner alive for ever; then the run has failed. */
const STEP_TIMEOUT_MS = 30 * 60_000;
/** For tests that start whole fleets; it only keeps a hang from lasting. */
const FLEET_TIMEOUT = '--testTimeout=300000';

const node = (...args) => ['node', ...args];
const jest = (...args) => ({ command: ['jest', ...args], counted: true });
/** No more clients than a slow machine can serve within the deadline of the product. */
const soak = (minutes) => ({
  command: node('tools/soak/soak.mjs', '--minutes', minutes, '--clients', '50'),
  counted: true,
  needs: ['redis-server'],
});
/** A check counts only where it fails, tests one by one. */
const STEPS = {
  format: { command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  types: { command: ['tsc', '--noEmit'] },
  lint: { command: ['npm', 'run', '--silent', 'lint'] },
  build: { command: ['npm', 'run', '--silent', 'build'] },
  unit: jest('-w', '2'),
  // Most of these wait for servers: more of them at a time than there are processors.
  int: {
    ...jest('-w', '4', '--testMatch=**/*.int-spec.ts', '--testTimeout=120000'),
    needs: ['redis-server', 'nginx', 'promtool', 'amtool'],
  },
  e2e: {
    ...jest('-w', '3', '--testMatch=**/apps/*-e2e/**/*.e2e-spec.ts', '--testTimeout=120000'),
    needs: ['redis-server'],
  },
  soak: soak('0.5'),
  'soak of two minutes': soak('2'),
  faults: {
    ...jest('-w', '2', '--testMatch=**/tools/**/*.e2e-spec.ts', FLEET_TIMEOUT),
    needs: ['redis-server', 'nginx', 'curl', 'cc', 'faketime', 'buildah'],
  },
  packaging: {
    ...jest('-i', '--testMatch=**/*.nightly-spec.ts', FLEET_TIMEOUT),
    needs: ['redis-server', 'buildah'],
  },
  kube: { ...jest('-i', '--testMatch=**/*.kube-spec.ts', FLEET_TIMEOUT), needs: ['redis-server'] },
  simulation: { command: node('tools/simulation/simulate.mjs', '--runs', '100000') },
  model: {
    ...jest('-i', '--testMatch=**/redis-model.int-spec.ts', '--testTimeout=7200000'),
    env: { STORE_MODEL_RUNS: '10000' },
    timeoutMs: 2 * 3600_000,
    needs: ['redis-server'],
  },
  'soak of half an hour': { ...soak('30'), timeoutMs: 3600_000 },
  mutants: { command: node('tools/scripts/mutate-scripts.mjs'), timeoutMs: 12 * 3600_000, needs: ['redis-server'] },
};

/** Steps in one list run at the same time. */
const check = [['format', 'lint', 'types'], 'unit'];
const TIERS = {
  check,
  test: [...check, 'build', 'int', 'e2e', 'soak'],
  faults: ['build', 'faults', 'soak of two minutes'],
  kube: ['build', 'kube'],
  nightly: ['simulation', 'build', 'packaging', 'model', 'soak of half an hour', 'mutants'],
};

const env = {
  ...process.env,
  PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
  NX_DAEMON: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
  DO_NOT_TRACK: '1',
  ...(process.env.CI ? { NX_SKIP_NX_CACHE: 'true' } : {}),
};

/** @returns the exit code; the process and all that it started have ended then */
function run([command, ...args], { ownEnv, timeoutMs }) {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...env, ...ownEnv }, stdio: ['ignore', 'inherit', 'inherit'], detached: true };
    const child = spawn(command, args, options);
    const killAll = () => process.kill(-child.pid, 'SIGKILL');
    const timer = setTimeout(() => {
      console.error(`${command} took longer than ${timeoutMs / 60_000} minutes and was killed.`);
      killAll();
    }, timeoutMs);
    const interrupt = (signal) => {
      killAll();
      process.exit(128 + constants.signals[signal]);
    };
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupt);
    child.once('error', (error) => console.error(`${command}: ${error.message}`));
    child.once('close', (code) => {
      clearTimeout(timer);
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupt);
      resolve(code ?? 1);
    });
  });
}

async function runStep(name) {
  const { command, counted = false, env: stepEnv, timeoutMs = STEP_TIMEOUT_MS } = STEPS[name];
  const file = countsFile(root, name);
  const startedAt = performance.now();
  // Jest is given the file by its reporter, a command of ours by an option.
  const isJest = command[0] === 'jest';
  const whole = counted && !isJest ? [...command, '--counts', file] : command;
  const code = await run(whole, { ownEnv: { ...stepEnv, ...(isJest ? { TEST_COUNTS_FILE: file } : {}) }, timeoutMs });
  console.log(`${name}: ${Math.round((performance.now() - startedAt) / 1000)} s`);
  return readCounts(file, code, name, counted);
}

function chosenSteps(names) {
  const known = names.filter((name) => Object.hasOwn(TIERS, name) || Object.hasOwn(STEPS, name));
  if (names.length > 0 && known.length === names.length) {
    const groups = names.flatMap((name) => TIERS[name] ?? [name]).map((group) => [group].flat());
    const seen = new Set();
    return groups
      .map((group) => group.filter((step) => !seen.has(step) && seen.add(step)))
      .filter(({ length }) => length);
  }
  console.error(`usage: test.mjs <tier or step> ...; ${[...Object.keys(TIERS), ...Object.keys(STEPS)].join(', ')}`);
  process.exit(2);
}

const groups = chosenSteps(process.argv.slice(2));
ensureInstalled();
if (!setUp([...new Set(groups.flat().flatMap((step) => STEPS[step].needs ?? []))])) process.exit(1);
forgetCounts(root);

const results = [];
for (const group of groups) results.push(...(await Promise.all(group.map(runStep))));
const sum = (field) => results.reduce((total, result) => total + result[field], 0);
for (const { name, skipped } of results) {
  if (skipped > 0) console.log(`skipped, since this machine does not allow it: ${name} (${skipped})`);
}
for (const failure of results.flatMap(({ failures }) => failures)) console.log(`failed: ${failure}`);
if (sum('passed') + sum('failed') === 0) console.log('No test ran.');
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
