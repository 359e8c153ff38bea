// `npm test`: checks the format, lints, checks types, runs unit, integration and end-to-end tests, builds, and soaks.
// Plain Node 20 without dependencies, since it installs them; everything that it starts runs on the project's Node.
//
//   npm test                     all of it
//   npm test -- --only unit      one kind of tests: unit, int, e2e or soak (kube: see tools/kube/test-kube.mjs)
//
// The last line is the count: "N passed, N failed". The exit code is not 0 where anything failed or nothing ran.
import { spawn } from 'node:child_process';
import { availableParallelism, constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureFaketime } from './ensure-faketime.mjs';
import { ensureInstalled, root } from './ensure-installed.mjs';
import { ensureCompiler } from './ensure-compiler.mjs';
import { ensureNginx } from './ensure-nginx.mjs';
import { ensureRedis } from './ensure-redis.mjs';
import { countsFile, forgetCounts, readCheck, readCounts } from './test-counts.mjs';

/** A test that leaves a socket open keeps its runner alive for ever; then the run has failed. */
const STEP_TIMEOUT_MS = 30 * 60_000;

/** Code that belongs to no project of Nx. */
const SCRIPTS = ['eslint.config.mjs', 'jest.preset.js', 'tools/build', 'tools/jest', 'tools/kube', 'tools/scripts'];

const format = { name: 'format', command: ['prettier', '--check', '.'] };
const scripts = { name: 'lint scripts', command: ['eslint', '--max-warnings', '0', ...SCRIPTS] };
const tests = (targets, parallel) => ({ name: targets.join(', '), targets, parallel });
/**
 * Calls and faults for two minutes, with a seed that it prints; each promise that is judged counts as one test. No more
 * clients than a slow machine can serve within the deadline of the product.
 */
const soak = {
  name: 'soak',
  command: ['node', 'tools/soak/soak.mjs', '--minutes', '2', '--clients', '50'],
  counts: 'soak',
};

const PARALLEL = Math.min(4, availableParallelism());
const PLANS = {
  all: [
    format,
    scripts,
    tests(['lint', 'typecheck', 'test', 'test-int', 'build'], PARALLEL),
    tests(['e2e'], PARALLEL),
    soak,
  ],
  unit: [tests(['test'], PARALLEL)],
  int: [tests(['test-int'], PARALLEL)],
  e2e: [tests(['e2e'], PARALLEL)],
  kube: [tests(['test-kube'], 1)],
  soak: [soak],
};

const env = {
  ...process.env,
  PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
  NX_DAEMON: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
  DO_NOT_TRACK: '1',
};

/** @returns the exit code; the process and all that it started have ended then */
function run([command, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    const killAll = () => process.kill(-child.pid, 'SIGKILL');
    const timer = setTimeout(() => {
      console.error(`${command} took longer than ${STEP_TIMEOUT_MS / 60_000} minutes and was killed.`);
      killAll();
    }, STEP_TIMEOUT_MS);
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

async function runCheck({ name, command, counts }) {
  forgetCounts(root);
  const code = await run(counts ? [...command, '--counts', countsFile(root, counts)] : command);
  return readCheck(root, code, name, counts);
}

async function runTasks({ targets, parallel }) {
  forgetCounts(root);
  const options = ['--outputStyle=static', `--parallel=${parallel}`, ...(process.env.CI ? ['--skip-nx-cache'] : [])];
  const code = await run(['nx', 'run-many', '-t', ...targets, ...options]);
  return readCounts(root, code);
}

function chosenPlan() {
  const { values } = parseArgs({ options: { only: { type: 'string', default: 'all' } } });
  const plan = Object.hasOwn(PLANS, values.only) ? PLANS[values.only] : undefined;
  if (plan) return plan;
  console.error(`--only takes ${Object.keys(PLANS).join(', ')}, not ${values.only}`);
  process.exit(2);
}

const plan = chosenPlan();
ensureInstalled();
if (plan !== PLANS.unit) ensureRedis();
if (plan === PLANS.all || plan === PLANS.e2e) {
  ensureNginx();
  ensureCompiler();
  ensureFaketime();
}

const total = { passed: 0, failed: 0, failures: [], skips: [] };
for (const step of plan) {
  const { passed, failed, failures, skips } = step.targets ? await runTasks(step) : await runCheck(step);
  total.passed += passed;
  total.failed += failed;
  total.failures.push(...failures);
  total.skips.push(...skips);
}
for (const skip of total.skips) console.log(`skipped, since this machine does not allow it: ${skip}`);
for (const failure of total.failures) console.log(`failed: ${failure}`);
if (total.passed + total.failed === 0) console.log('No test ran.');
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
