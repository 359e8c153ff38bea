// `npm run bench`: measures the built apps against floors of bare Node. The rows are explained in docs/evidence/benchmarks.md.
//
//   npm run bench                           all rows, about fifteen minutes on a quiet machine
//   npm run bench -- --quick                fewer and shorter rounds
//   npm run bench -- --rows A,C             these rows only
//   npm run bench -- --rows K --million     the memory after a million cycles
//   npm run bench -- --cpu-prof             CPU profiles of the API processes into reports/profiles
//   npm run bench -- --against <dist>       this build beside another one, see docs/performance.md
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, projectNode, root } from '../scripts/ensure-installed.mjs';
import { setUp } from '../scripts/setup.mjs';

ensureInstalled();
if (!setUp(['redis-server'])) process.exit(1);

const outdir = join(root, 'dist/tools/bench');
await build({
  absWorkingDir: root,
  entryPoints: {
    main: 'tools/bench/src/main.ts',
    'load-generator': 'tools/bench/src/load/load-generator.ts',
    'http-floor': 'tools/bench/src/floor/http-floor.ts',
    'script-floor': 'tools/bench/src/floor/script-floor.ts',
    // The floors run the product's own Lua, not a copy of it.
    'script-catalogue': 'libs/routing-store/src/redis/script-catalogue.ts',
  },
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  tsconfig: join(root, 'tsconfig.base.json'),
  external: ['ioredis'],
  // Of the testbed, which is CommonJS where tests run.
  banner: { js: 'const __dirname = import.meta.dirname;' },
  loader: { '.lua': 'text' },
  logLevel: 'warning',
});

const args = [join(outdir, 'main.mjs'), ...process.argv.slice(2)];
const bench = spawn(projectNode, args, { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => bench.kill(signal));
bench.on('close', (code) => process.exit(code ?? 1));
