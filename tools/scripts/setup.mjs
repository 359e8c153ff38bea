// `npm run setup`: the programs of the machine that tests start. Plain Node 20 without dependencies.
//
//   node tools/scripts/setup.mjs                 all of them
//   node tools/scripts/setup.mjs redis-server    one
//
// As root with apt-get it says what it installs and installs it. Otherwise it says what is missing. `npm test` does the
// same at its start, with what its tests need. The exit code is 1 where a program is missing that tests cannot do without.
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

const PROGRAMS = {
  'redis-server': { probe: '--version', packages: ['redis-server'], brew: 'redis', use: 'all tests but npm run check' },
  nginx: {
    probe: '-v',
    packages: ['nginx-light'],
    brew: 'nginx',
    use: 'npm run demo, and its test: the voice router',
  },
  curl: { probe: '--version', packages: ['curl'], use: 'npm run test:faults: the hook of voice agents' },
  // Debian starts their services only where it runs services at all. Tests use free ports and notice none of them.
  promtool: {
    probe: '--version',
    packages: ['prometheus'],
    brew: 'prometheus',
    use: 'npm test: alerts and dashboards',
  },
  amtool: {
    probe: '--version',
    packages: ['prometheus-alertmanager'],
    use: 'npm test: the example for the Alertmanager',
  },
  cc: { probe: '--version', packages: ['gcc', 'libc6-dev'], use: 'npm run test:faults: a Redis whose clock is set' },
  buildah: {
    probe: '--version',
    packages: ['buildah'],
    use: 'npm run image and npm run test:faults: the image; it is not tried without it',
    isOptional: true,
  },
  faketime: {
    probe: '--version',
    packages: ['faketime'],
    use: 'npm run test:faults: leaders whose clocks differ; these tests are left out without it',
    isOptional: true,
  },
};

/**
 * Installs what is missing where that is possible, and says so first.
 * @param names which programs are needed
 * @returns whether all are there that tests cannot do without
 */
export function setUp(names = Object.keys(PROGRAMS)) {
  let missing = names.filter((name) => !isThere(name));
  if (missing.length > 0 && process.getuid?.() === 0 && runs('apt-get', '--version')) {
    install(missing);
    missing = missing.filter((name) => !isThere(name));
  }
  for (const name of missing) console.error(adviceFor(name));
  return missing.every((name) => PROGRAMS[name].isOptional);
}

function install(names) {
  console.log(`npm run setup: installing ${names.join(', ')} with apt-get, which tests start ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args) => spawnSync('apt-get', args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  aptGet('update');
  // One by one: apt-get installs nothing where it does not find one of them.
  for (const name of names) aptGet('install', '-y', '--no-install-recommends', ...PROGRAMS[name].packages);
}

function adviceFor(name) {
  const { packages, brew, use } = PROGRAMS[name];
  const mac = brew ? ` On macOS: brew install ${brew}.` : '';
  return `${name} is missing (${use}). On Debian or Ubuntu: sudo apt-get install ${packages.join(' ')}.${mac}`;
}

const isThere = (name) => runs(name, PROGRAMS[name].probe);

function runs(command, arg) {
  // Programs of servers are often outside of the path of users.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  return spawnSync(command, [arg], { stdio: 'ignore', env }).status === 0;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const given = process.argv.slice(2);
  const unknown = given.find((name) => !Object.hasOwn(PROGRAMS, name));
  if (unknown) console.error(`there is no ${unknown}, only ${Object.keys(PROGRAMS).join(', ')}`);
  process.exitCode = !unknown && setUp(given.length > 0 ? given : undefined) ? 0 : 1;
}
