// Bundles one application with all its dependencies: `node tools/build/bundle.mjs apps/api` writes dist/apps/api,
// which `node dist/apps/api/main.js` runs with nothing else beside it.
// Usage: bundle.mjs <folder of the application, or entry file> [--outdir <folder>] [--lua-mutant <file>:<line>]
// The last one leaves a line of a Lua script out: an application that is broken on purpose, for tools that must notice.
import { build } from 'esbuild';
import { transform } from '@swc/core';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { values: args, positionals } = parseArgs({
  allowPositionals: true,
  options: { outdir: { type: 'string' }, 'lua-mutant': { type: 'string', default: '' } },
});
const project = positionals[0];
if (!project) {
  console.error('usage: node tools/build/bundle.mjs apps/<name> [--outdir <folder>]');
  process.exit(2);
}
const outdir = resolve(root, args.outdir ?? join('dist', project));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const swcrc = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));

/** esbuild drops the types that decorators need at run time; swc keeps them. */
const decorators = {
  name: 'decorators',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const { code } = await transform(source, { ...swcrc, swcrc: false, filename: path, module: { type: 'es6' } });
      return { contents: code, loader: 'js' };
    });
  },
};

/** Nest's packages load each other by `createRequire`, which would bring a second copy of Nest: link them instead. */
const nestRequire = {
  name: 'nest-require',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/@nestjs\/(terminus|swagger)\/.*\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      return { contents: source.replace(/^const require = createRequire\(import\.meta\.url\);$/m, ''), loader: 'js' };
    });
  },
};

/**
 * An "import" of Node's HTTP module reads every export of it, among them those that load Node's fetch, which takes a
 * tenth of the start. "require" reads what is used.
 */
const lazyHttp = {
  name: 'lazy-http',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'http', namespace: 'lazy-http' } : undefined,
    );
    onLoad({ filter: /^http$/, namespace: 'lazy-http' }, () => ({
      contents: `module.exports = require('node:http');`,
    }));
  },
};

/**
 * A package that our own code imports only when it needs it is a file of its own, with all that it needs: the client of
 * Kubernetes is two thirds of all the code, which V8 would read at every start. What dependencies import in this way
 * they need at the start, and it stays in the bundle, so that no start fails half-way for want of a file. Our own libraries
 * stay, too: a copy beside the bundle would have a state of its own. Those of LATE_FILES hold nothing but dependencies.
 */
const NO_PACKAGE = /^(\.|node:|@smart-router\/)/;
const LATE_FILES = new Map([[join(root, 'libs/tracing/src/opentelemetry/open-opentelemetry'), 'opentelemetry']]);
const lateFiles = new Map();
const ownLateImports = {
  name: 'own-late-imports',
  setup({ onResolve }) {
    onResolve({ filter: /^/ }, ({ importer, kind, path }) => {
      if (kind !== 'dynamic-import' || importer.includes('/node_modules/')) return undefined;
      const ownFile = resolve(dirname(importer), path);
      const ownName = LATE_FILES.get(ownFile);
      if (ownName === undefined && NO_PACKAGE.test(path)) return undefined;
      const name = ownName ?? path.replace(/\W+/g, '-').replace(/^-/, '');
      lateFiles.set(name, ownName === undefined ? path : `${ownFile}.ts`);
      return { path: `./${name}.js`, external: true };
    });
  },
};

const onlyDependencies = {
  name: 'only-dependencies',
  setup({ onResolve }) {
    onResolve({ filter: /^@smart-router\// }, ({ path, importer, kind }) =>
      kind === 'entry-point'
        ? undefined
        : { errors: [{ text: `${importer} is loaded late and must not import ${path}` }] },
    );
  },
};

const luaMutant = {
  name: 'lua-mutant',
  setup({ onLoad }) {
    const [file, line] = args['lua-mutant'].split(':');
    if (!file) return;
    onLoad({ filter: /\.lua$/ }, ({ path }) => {
      const lines = readFileSync(path, 'utf8').split('\n');
      if (path.endsWith(`/${file}`)) lines[Number(line) - 1] = '';
      return { contents: lines.join('\n'), loader: 'text' };
    });
  },
};

/** The files of Swagger UI are served from the folder beside the bundle. */
const swaggerUi = {
  name: 'swagger-ui',
  setup({ onLoad }) {
    onLoad({ filter: /swagger-ui-dist\/absolute-path\.js$/ }, () => ({
      contents: `module.exports = () => require('node:path').join(__dirname, 'swagger-ui');`,
      loader: 'js',
    }));
  },
};

const NAME_EVERYTHING = 'var __name = (target, value) => __defProp(target, "name", { value, configurable: true });';
const NAME_OF_CLASS = /\b__name\(this, ("\w+")\);/g;
const BEYOND_ASCII = /[^\0-\x7f]/g;

/**
 * Classes keep their names, which logs and the OpenAPI document show. Functions do not: esbuild names a closure each
 * time it is made, which took a tenth of the time of a request.
 */
const classNamesOnly = {
  name: 'class-names-only',
  setup({ onEnd }) {
    onEnd(({ outputFiles }) => {
      for (const { path, text } of outputFiles) {
        writeFileSync(path, path.endsWith('.js') ? inAscii(namingClassesOnly(text)) : text);
      }
    });
  },
};

function namingClassesOnly(text) {
  if (!text.includes(NAME_EVERYTHING)) throw new Error('esbuild names things in another way than this script expects');
  return text
    .replace(NAME_EVERYTHING, 'var __name = (target) => target;')
    .replace(NAME_OF_CLASS, '__defProp(this, "name", { value: $1, configurable: true });');
}

/**
 * esbuild leaves other characters in regular expressions and comments, where an escape means the same. A file without
 * them is read faster and takes half the memory.
 */
function inAscii(text) {
  return text.replace(BEYOND_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Parts of dependencies that are not used here and not installed. */
const NOT_INSTALLED = [
  '@fastify/multipart',
  '@fastify/view',
  '@fastify/cors',
  '@nestjs/microservices',
  '@nestjs/websockets',
  '@nestjs/platform-express',
  '@nestjs/axios',
  '@nestjs/mongoose',
  '@nestjs/sequelize',
  '@nestjs/typeorm',
  '@mikro-orm/core',
  '@grpc/*',
  'class-transformer',
  'class-transformer/storage',
];

/** CommonJS packages inside the ES module expect these names. */
const COMMONJS_NAMES = `
import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __pathOf(import.meta.url);
const __dirname = __dirnameOf(__filename);`;

const SWAGGER_UI_FILES = /\.(css|png|html)$|^swagger-ui-(bundle|standalone-preset)\.js$/;

rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
const options = {
  absWorkingDir: root,
  outdir,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  tsconfig: join(root, 'tsconfig.base.json'),
  keepNames: true,
  write: false,
  sourcemap: 'linked',
  sourcesContent: false,
  loader: { '.lua': 'text' },
  define: { SMART_ROUTER_VERSION: JSON.stringify(version) },
  banner: { js: COMMONJS_NAMES },
  external: NOT_INSTALLED,
  plugins: [decorators, luaMutant, nestRequire, lazyHttp, ownLateImports, swaggerUi, classNamesOnly],
  logLevel: 'warning',
};
const main = resolve(root, project.endsWith('.ts') ? project : join(project, 'src/main.ts'));
await build({ ...options, entryPoints: { app: main } });
if (lateFiles.size > 0)
  await build({
    ...options,
    entryPoints: Object.fromEntries(lateFiles),
    plugins: [onlyDependencies, ...options.plugins],
  });
cpSync(join(root, 'tools/build/launcher.mjs'), join(outdir, 'main.js'));
writeFileSync(join(outdir, 'package.json'), `${JSON.stringify({ type: 'module', version }, null, 2)}\n`);
const swaggerUiFolder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
cpSync(swaggerUiFolder, join(outdir, 'swagger-ui'), {
  recursive: true,
  filter: (path) => path === swaggerUiFolder || SWAGGER_UI_FILES.test(path.slice(swaggerUiFolder.length + 1)),
});

// A run that loads everything and ends leaves what V8 has compiled beside the code; the launcher uses it at each start.
if (project.startsWith('apps/')) execFileSync(process.execPath, [join(outdir, 'main.js'), '--version']);
