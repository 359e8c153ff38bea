// Puts together what the image holds from what `npm run build` has made: stage.mjs <folder>
//
//   <folder>/app              the bundles, the command line and the health check
//   <folder>/node             the Node that runs this: the one whose compiled code is beside the bundles
//   <folder>/stand-in-agent   of the stage of that name
//
// Both the build stage of the Dockerfile and `npm run image` run it.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const APPS = ['api', 'leader-worker', 'smart-router'];
/** Of the image. */
const USER = 65_532;

/** @param {string} folder is made anew */
export function stage(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'app'), { recursive: true });
  cpSync(process.execPath, join(folder, 'node'));
  chmodSync(join(folder, 'node'), 0o755);
  for (const app of APPS) stageApp(app, folder);
  cpSync(join(root, 'dist/apps/srctl/main.js'), join(folder, 'app/srctl.mjs'));
  cpSync(join(root, 'tools/image/health.mjs'), join(folder, 'app/health.mjs'));
  const agent = join(folder, 'stand-in-agent');
  execFileSync(process.execPath, [
    ...[join(root, 'tools/build/bundle.mjs'), 'tools/demo/src/agent/main.ts', '--outdir', agent],
  ]);
  rmSync(join(agent, 'swagger-ui'), { recursive: true });
}

function stageApp(app, image) {
  const bundle = join(root, 'dist/apps', app);
  const folder = join(image, 'app', app);
  if (!existsSync(join(bundle, 'main.js'))) throw new Error(`${bundle} is missing: npm run build`);
  const isShipped = (path) => !path.endsWith('.map') && !path.startsWith(join(bundle, 'compile-cache'));
  cpSync(bundle, folder, { recursive: true, filter: isShipped });
  compileAsUser(folder, join(image, 'node'));
}

/**
 * Node takes compiled code only from the user who compiled it, so that of the image makes it. Afterwards it is root's, whom
 * nobody in the image is: it can be read and not be changed.
 */
function compileAsUser(folder, node) {
  const isRoot = process.getuid() === 0;
  const cache = join(folder, 'compile-cache');
  mkdirSync(cache);
  if (isRoot) chownSync(cache, USER, USER);
  const as = isRoot ? { uid: USER, gid: USER } : {};
  const { status, stderr } = spawnSync(node, [join(folder, 'main.js'), '--version'], { ...as, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${folder} does not run: ${stderr}`);
  for (const path of ['', ...readdirSync(cache, { recursive: true })].map((each) => join(cache, each))) {
    if (isRoot) chownSync(path, 0, 0);
    chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
  }
}

if (import.meta.filename === process.argv[1]) {
  const [folder] = process.argv.slice(2);
  if (!folder) {
    console.error('usage: node tools/image/stage.mjs <folder>');
    process.exit(2);
  }
  stage(resolve(folder));
}
