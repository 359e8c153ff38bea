// Plain Node 20 without dependencies. Tests start real servers of their own.
import { spawnSync } from 'node:child_process';

/**
 * Installs a program where it is missing and that is possible; ends the process with advice where it is not.
 * @param options `program` and an argument with which it does nothing, its Debian package (or several, with blanks
 * between), the lines of advice, and whether the process continues without the program
 */
export function ensurePackage({ program, probe, debianPackage, advice, isOptional = false }) {
  if (runs(program, [probe])) return;
  const canInstall = process.getuid?.() === 0 && runs('apt-get', ['--version']);
  if (canInstall && install(debianPackage) && runs(program, [probe])) return;
  for (const line of advice) console.error(line);
  if (!isOptional) process.exit(1);
}

function install(debianPackage) {
  console.log(`Installing ${debianPackage} (apt-get) ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args) => spawnSync('apt-get', args, { env, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
  aptGet('update');
  return aptGet('install', '-y', '--no-install-recommends', ...debianPackage.split(' '));
}

function runs(command, args) {
  // Programs of servers are often outside of the path of users.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  return spawnSync(command, args, { stdio: 'ignore', env }).status === 0;
}
