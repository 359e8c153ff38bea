import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const swcrc = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
const { paths } = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8')).compilerOptions;

/** One source of truth for library names: the paths that the compiler uses. */
const moduleNameMapper = Object.fromEntries(
  Object.entries(paths).map(([name, [target]]) => [`^${name}$`, join(root, target)]),
);

/**
 * Sources are ES modules; Jest runs them as CommonJS, since Nest's own test doubles of the module
 * system cannot load every dependency otherwise. Dependencies that ship ES modules only are compiled too.
 */
export default {
  testEnvironment: 'node',
  testMatch: ['**/*.spec.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'lua'],
  moduleNameMapper,
  transform: {
    '^.+\\.ts$': ['@swc/jest', { ...swcrc, swcrc: false, module: { type: 'commonjs', ignoreDynamic: false } }],
    '^.+\\.lua$': join(root, 'tools/jest/lua-text.cjs'),
    '^.+\\.m?js$': join(root, 'tools/jest/esm-deps.cjs'),
  },
  transformIgnorePatterns: [],
  // Generous, since real servers start on busy machines; a test that passes does not wait for it. Longer than
  // `waitFor` waits unless said otherwise, so that what was waited for is named.
  testTimeout: 60_000,
  globalSetup: join(root, 'tools/jest/exit-when-idle.cjs'),
  coverageProvider: 'v8',
  reporters: ['default', join(root, 'tools/jest/count-reporter.cjs')],
};
