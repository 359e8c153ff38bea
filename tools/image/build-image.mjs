// `npm run image`: builds the image with buildah, which needs no daemon and, on a base of its own, no registry.
//
//   npm run image                       localhost/smart-router:<version>
//   npm run image -- --tag x/y:z        another name
//   npm run image -- --runtime <image>  on this base, as gcr.io/distroless/cc-debian12:nonroot
//   npm run image -- --built            of the bundles in dist/apps as they are
//
// With Docker: `docker build -t smart-router .`
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeBase } from './base-image.mjs';
import { stage } from './stage.mjs';

const root = resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const BASE = 'localhost/smart-router-base';
/** Works without a daemon, overlay file systems or namespaces of its own. */
const STORAGE = ['--storage-driver', 'vfs'];

const { values: args } = parseArgs({
  options: {
    tag: { type: 'string', default: `localhost/smart-router:${version}` },
    runtime: { type: 'string' },
    built: { type: 'boolean', default: false },
  },
});

if (spawnSync('buildah', ['--version']).error) {
  console.error(
    'buildah is missing. On Debian or Ubuntu: sudo apt-get install buildah. With Docker: docker build -t smart-router .',
  );
  process.exit(1);
}
if (!args.built) execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
const folder = mkdtempSync(join(tmpdir(), 'smart-router-image-'));
// The user of the image runs what is put together in it.
chmodSync(folder, 0o755);
try {
  stage(join(folder, 'build/image'));
  if (args.runtime === undefined) buildBase(join(folder, 'base'));
  const options = {
    RUNTIME_IMAGE: args.runtime ?? BASE,
    VERSION: version,
    REVISION: revision(),
  };
  const buildArgs = Object.entries(options).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  // What the build stage would make is there already.
  const context = ['--build-context', `build=${join(folder, 'build')}`];
  buildah(['-f', join(root, 'Dockerfile'), ...buildArgs, ...context, '-t', args.tag, root]);
  console.log(`built ${args.tag}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function buildBase(base) {
  writeBase(base, process.execPath);
  buildah(['-f', join(base, 'Dockerfile'), '-t', BASE, base]);
}

/** In the format of Docker: that of OCI has no health check. */
function buildah(rest) {
  execFileSync('buildah', [...STORAGE, 'build', '--isolation', 'chroot', '--format', 'docker', '--quiet', ...rest], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function revision() {
  const { stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  return stdout?.trim() || 'unknown';
}
