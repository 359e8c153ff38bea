// `npm run test:kube`: what the simulator and a real API server must have in common, and what the product does on a
// real one. KUBEBUILDER_ASSETS names a folder with kube-apiserver and etcd; tools/kube/build-kube-apiserver.sh makes one.
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { root } from '../scripts/ensure-installed.mjs';

const HINT = 'Build one with: export KUBEBUILDER_ASSETS="$(tools/kube/build-kube-apiserver.sh)"';

function refuse(why) {
  console.error(`${why}\n${HINT}`);
  process.exit(2);
}

function checkAssets(folder) {
  if (!folder) refuse('KUBEBUILDER_ASSETS is not set. It names a folder with the programs kube-apiserver and etcd.');
  for (const name of ['kube-apiserver', 'etcd']) {
    try {
      accessSync(join(folder, name), constants.X_OK);
    } catch {
      refuse(`KUBEBUILDER_ASSETS=${folder} has no program ${name}.`);
    }
  }
}

checkAssets(process.env.KUBEBUILDER_ASSETS);
const args = [join(root, 'tools/scripts/test.mjs'), 'kube'];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
