import type { AppProcess } from '@smart-router/testbed';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startCombined } from './fleet/fleet';

const ROOT = join(__dirname, '../../..');
const TEMPLATE = join(__dirname, 'generated-client/client.template');

const COMPILER_OPTIONS = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: 'es2024',
  module: 'nodenext',
  allowImportingTsExtensions: true,
  types: ['node'],
  typeRoots: [join(ROOT, 'node_modules/@types')],
};

/** @returns what it printed @throws with all of it where it fails */
async function run(script: string, args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules', script), ...args])).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${script} failed: ${stdout}${stderr}`, { cause: error });
  }
}

describe('a TypeScript client that is generated from the document of the server', () => {
  let app: AppProcess;
  let folder: string;

  beforeAll(async () => {
    ({ app } = await startCombined());
    folder = mkdtempSync(join(tmpdir(), 'generated-client-'));
    const document = await (await fetch(`${app.baseUrl}/docs-json`)).text();
    writeFileSync(join(folder, 'openapi.json'), document);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['client.ts'] }),
    );
    copyFileSync(TEMPLATE, join(folder, 'client.ts'));
    await run('openapi-typescript/bin/cli.js', [join(folder, 'openapi.json'), '-o', join(folder, 'api.ts')]);
  });

  afterAll(async () => {
    await app?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('compiles', async () => {
    await run('typescript/bin/tsc', ['-p', folder]);
  });

  it('gets from the server what its types promise', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'client.ts'), app.baseUrl]);
    expect(JSON.parse(stdout)).toEqual({
      podName: expect.any(String),
      outcomes: expect.arrayContaining(['granted']),
      wasDraining: false,
      activeCalls: 0,
      version: 1,
      chain: expect.arrayContaining(['gold']),
      versionNumbers: [1],
      names: ['acme'],
      actions: ['merchant.put'],
      cursor: expect.any(String),
      health: 'ok',
    });
  });
});
