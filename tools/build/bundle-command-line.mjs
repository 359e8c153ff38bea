// Bundles a command line into one file that runs by itself: `node tools/build/bundle-command-line.mjs apps/srctl` writes
// dist/apps/srctl/main.js. Applications that serve are bundled by bundle.mjs.
import { build } from 'esbuild';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const [project] = process.argv.slice(2);
if (!project) {
  console.error('usage: node tools/build/bundle-command-line.mjs apps/<name>');
  process.exit(2);
}
const outfile = join(root, 'dist', project, 'main.js');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

rmSync(join(root, 'dist', project), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: [join(project, 'src/main.ts')],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  tsconfig: join(root, 'tsconfig.base.json'),
  define: { SMART_ROUTER_VERSION: JSON.stringify(version) },
  // Packages in CommonJS call `require` for what Node has built in.
  banner: {
    js: `#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);`,
  },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
});
chmodSync(outfile, 0o755);
