import nx from '@nx/eslint-plugin';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { importBoundaries, testImportBoundaries } from './tools/lint/boundaries.mjs';
import { domainRestrictedImports, restrictedImports } from './tools/lint/restricted-imports.mjs';

const TESTS = [
  '**/*.spec.ts',
  '**/*.int-spec.ts',
  '**/*.kube-spec.ts',
  '**/*.e2e-spec.ts',
  '**/*.nightly-spec.ts',
  '**/testing/**/*.ts',
  '**/*-e2e/**/*.ts',
];

export default [
  { ignores: ['**/dist', '**/node_modules', '.nx', 'reports', '**/*.d.ts', 'tools/lint/fixtures'] },
  ...nx.configs['flat/base'],
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true } },
    settings: {
      'import-x/extensions': ['.ts'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js'] })],
    },
    rules: {
      '@nx/enforce-module-boundaries': ['error', importBoundaries],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      complexity: ['error', 10],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 5],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings come from @smart-router/settings.' },
      ],
      'no-restricted-imports': ['error', restrictedImports],
      'no-console': 'error',
      // A catch that does nothing says why in a comment.
      'no-empty': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
    },
  },
  {
    // Domain code is plain TypeScript: frameworks and clients stay outside.
    files: ['libs/*/src/domain/**/*.ts', 'libs/*/src/memory/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', domainRestrictedImports],
    },
  },
  {
    files: TESTS,
    rules: {
      '@nx/enforce-module-boundaries': ['error', testImportBoundaries],
      // A describe block is a list of tests, not a function to read in one go.
      'max-lines-per-function': 'off',
      // Seeds and numbers of runs come from whoever starts the tests.
      'no-restricted-properties': 'off',
    },
  },
  {
    files: ['libs/settings/**/*.ts', 'tools/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['**/*.mjs', '**/*.cjs', '**/*.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
];
