// Lints each fixture as if it were the file that its first line names, with the configuration of the workspace, and
// prints one JSON object: fixture to its messages. A process of its own, because ESLint loads its configuration as
// ES modules, which a Jest test cannot.
import { ESLint } from 'eslint';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
process.chdir(root);

// The boundaries rule reads the graph from Nx' cache and checks nothing where there is none; any command fills it.
execFileSync('node_modules/.bin/nx', ['show', 'projects'], { stdio: 'ignore' });

const eslint = new ESLint({ cwd: root });
const found = {};
for (const file of readdirSync(join(here, 'fixtures'))) {
  const code = readFileSync(join(here, 'fixtures', file), 'utf8');
  const path = /^\/\/ Linted as (\S+)/.exec(code)?.[1];
  // Rules that need types know only files of a project.
  if (!path || !existsSync(join(root, path))) throw new Error(`${file} names no file of the workspace: ${path}`);
  const [result] = await eslint.lintText(code, { filePath: join(root, path) });
  found[file] = result.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`);
}
process.stdout.write(JSON.stringify(found));
