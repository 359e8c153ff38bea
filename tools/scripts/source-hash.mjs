import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const NOT_BUILT = /(^|\/)(node_modules|dist|testing)(\/|$)|\.(int-|e2e-)?spec\.ts$|-e2e\//;

function filesBelow(root, path) {
  if (NOT_BUILT.test(path)) return [];
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => filesBelow(root, `${path}/${name}`));
}

/**
 * One hash over names and contents of everything that goes into a bundle.
 * @param {string[]} [tools] folders of tools that are bundled, too
 */
export function sourceHash(root, tools = []) {
  const parts = [
    ...tools,
    'apps',
    'libs',
    'tools/build',
    'package.json',
    'package-lock.json',
    'tsconfig.base.json',
    '.swcrc',
  ];
  const hash = createHash('sha256');
  for (const path of parts.flatMap((part) => filesBelow(root, part)).sort()) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}
