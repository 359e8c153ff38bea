// `npm start`: installs what is missing, builds what has changed, and runs the combined application with the
// in-memory store and five pods. Variables of the environment win over what is set here (see docs/configuration.md).
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureInstalled, projectNode, root } from './ensure-installed.mjs';
import { sourceHash } from './source-hash.mjs';

const APP = 'dist/apps/smart-router/main.js';
const HASH_FILE = join(root, 'dist/apps/smart-router/.sources');

/** Five pods that show every kind of pool at work; the built-in tiers are made for a fleet of 35. */
const PODS = 'voice-agent-0,voice-agent-1,voice-agent-2,voice-agent-3,voice-agent-4';
const TIERS = {
  tiers: {
    gold: { type: 'exclusive', target: 1 },
    standard: { type: 'exclusive', target: 2 },
    overflow: { type: 'exclusive', target: 1 },
    basic: { type: 'shared', target: 1, max_concurrent: 3 },
  },
  default_chain: ['gold', 'standard', 'overflow', 'basic'],
};

function build() {
  const hash = sourceHash(root);
  const built = existsSync(HASH_FILE) && existsSync(join(root, APP)) && readFileSync(HASH_FILE, 'utf8') === hash;
  if (built) return;
  console.log('Building ...');
  const { status } = spawnSync(projectNode, ['tools/build/bundle.mjs', 'apps/smart-router'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(HASH_FILE, hash);
}

function environment() {
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const hasPods = given.STATIC_PODS_FILE || given.POD_SOURCE === 'kubernetes';
  const pods = hasPods ? {} : { STATIC_PODS: PODS };
  return { LOG_FORMAT: 'console', TIER_CONFIG: JSON.stringify(TIERS), ...pods, ...given };
}

/** Another process on the port would answer our own question whether we are ready. */
async function refuseTakenPort(variable, port, host) {
  const probe = createServer();
  const error = await new Promise((resolve) => {
    probe.once('error', resolve).listen({ port, host, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
  if (error?.code !== 'EADDRINUSE') return;
  console.error(
    `Port ${port} is in use by another process. Stop it, or choose another: ${variable}=${port + 1} npm start`,
  );
  process.exit(1);
}

async function announce(port, isRunning) {
  const address = `http://localhost:${port}`;
  for (;;) {
    await sleep(100);
    if (!isRunning()) return;
    const ready = await fetch(`${address}/ready`)
      .then((response) => response.ok)
      .catch(() => false);
    if (ready) break;
  }
  console.log(`
Smart Router is ready.

  Swagger UI    ${address}/docs
  Take a pod    curl -s -X POST ${address}/api/v1/allocate -H 'content-type: application/json' -d '{"call_sid":"CA-1"}'
  See pools     curl -s ${address}/api/v1/status
  Stop          Ctrl-C
`);
}

/** A signal to npm ends npm and its shell, which do not pass it on: notice that they are gone. */
function stopWithParent(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 250);
}

function run(env) {
  const child = spawn(projectNode, [APP], { cwd: root, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  stopWithParent(child);
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
  return child;
}

/** @returns the port, or `undefined` where it is picked by the application or is no port and for it to complain about */
function portOf(text) {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

ensureInstalled();
build();
const env = environment();
const ports = { HTTP_PORT: portOf(env.HTTP_PORT ?? '8080'), METRICS_PORT: portOf(env.METRICS_PORT ?? '9090') };
for (const [variable, port] of Object.entries(ports)) {
  if (port !== undefined) await refuseTakenPort(variable, port, env.HTTP_HOST ?? '0.0.0.0');
}
const child = run(env);
const isRunning = () => child.exitCode === null && child.signalCode === null;
if (ports.HTTP_PORT !== undefined) await announce(ports.HTTP_PORT, isRunning);
