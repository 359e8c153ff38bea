import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../../..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { docs: string } };

describe('the generated types', () => {
  it('are those of docs/reference/openapi.json (npm run docs writes them anew)', async () => {
    const [, args = ''] = /openapi-typescript (.+)$/.exec(scripts.docs) ?? [];
    const cli = join(ROOT, 'node_modules/openapi-typescript/bin/cli.js');
    const check = promisify(execFile)(process.execPath, [cli, ...args.split(' '), '--check'], { cwd: ROOT });
    await expect(check).resolves.toMatchObject({ stderr: expect.not.stringContaining('not up-to-date') });
  });
});
