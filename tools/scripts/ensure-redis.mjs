// Plain Node 20 without dependencies. Integration and end-to-end tests start real Redis servers of their own.
import { spawnSync } from 'node:child_process';

/** Installs redis-server where it is missing and that is possible; ends the process with advice where it is not. */
export function ensureRedis() {
  if (runs('redis-server', ['--version'])) return;
  const canInstall = process.getuid?.() === 0 && runs('apt-get', ['--version']);
  if (canInstall && installed()) return;
  console.error('redis-server (7.0 or newer) is missing. On Debian or Ubuntu: sudo apt-get install redis-server');
  console.error('On macOS: brew install redis. Tests that need no Redis: npm test -- --only unit');
  process.exit(1);
}

function installed() {
  console.log('Installing redis-server (apt-get) ...');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args) => spawnSync('apt-get', args, { env, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
  aptGet('update');
  return aptGet('install', '-y', '--no-install-recommends', 'redis-server') && runs('redis-server', ['--version']);
}

function runs(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
