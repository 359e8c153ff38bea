import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SETUP = join(__dirname, 'setup.mjs');
/** Only root installs; the machine that runs this test gets nothing. */
const AS_ROOT = ['--import', 'data:text/javascript,process.getuid=()=>0'];

/** Knows Redis and the compiler, and nothing else. As the real one it installs nothing where one package is unknown. */
const APT_GET = `#!/bin/sh
here=\${0%/*}
case "$*" in
  *faketime*) echo "E: Unable to locate package faketime" >&2; exit 100 ;;
  install*redis-server*) echo '#!/bin/sh' > "$here/redis-server"; /bin/chmod +x "$here/redis-server" ;;
esac
case "$*" in
  install*gcc*) echo '#!/bin/sh' > "$here/cc"; /bin/chmod +x "$here/cc" ;;
esac
`;

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'smart-router-setup-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

function setUp(programs: readonly string[], options: readonly string[] = AS_ROOT) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, SETUP, ...programs], {
    env: { PATH: path },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const withAptGet = () => writeFileSync(join(path, 'apt-get'), APT_GET, { mode: 0o755 });

it('installs what it can where the system does not know a program that tests can do without', () => {
  withAptGet();

  const { status, stdout, stderr } = setUp(['redis-server', 'cc', 'faketime']);

  expect(stdout).toContain('npm run setup: installing redis-server, cc, faketime with apt-get');
  expect(stderr).toMatch(/^faketime is missing/m);
  expect(stderr).not.toMatch(/^(redis-server|cc) is missing/m);
  expect(status).toBe(0);
});

it('fails and says what to do where a program is missing that tests need', () => {
  const { status, stdout, stderr } = setUp(['redis-server']);

  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('On Debian or Ubuntu: sudo apt-get install redis-server.');
});

it('refuses a program that it does not know', () => {
  expect(setUp(['redis'])).toMatchObject({ status: 1, stderr: expect.stringContaining('there is no redis, only') });
});
