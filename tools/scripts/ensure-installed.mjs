// Plain Node 20 without dependencies: it runs before any of them is there.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** The Node that the project brings with it; the system's may be older. */
export const projectNode = join(root, 'node_modules/.bin/node');

/** Installs the dependencies where they are missing or older than the lock file. Ends the process where that fails. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.log('Installing dependencies (npm ci), which takes about a minute ...');
  const { status, error } = spawnSync('npm', ['ci', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  if (status === 0 && existsSync(projectNode)) return;
  const reason = error?.message ?? (status === 0 ? `${projectNode} is missing` : `npm ci ended with ${status}`);
  console.error(`The dependencies could not be installed: ${reason}. Is npm 11 there, and is the registry reachable?`);
  process.exit(1);
}

/** npm writes this file when an installation is complete, so a half one is not taken for a whole. */
function isInstalled() {
  const written = statSync(join(root, 'node_modules/.package-lock.json'), { throwIfNoEntry: false });
  if (!written || !existsSync(projectNode)) return false;
  return written.mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}
