// Writes the tables of docs/configuration.md from the schema of the settings: node tools/scripts/settings-docs.mjs
// A test of libs/settings fails where the two differ.
import { build } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format } from 'prettier';

const root = resolve(import.meta.dirname, '../..');
const doc = join(root, 'docs/configuration.md');
const TABLES = /(?<=<!-- settings: generated -->\n)[\s\S]*(?=<!-- settings: end -->)/;

const { outputFiles } = await build({
  entryPoints: [join(root, 'libs/settings/src/settings-table.ts')],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
});
const source = Buffer.from(outputFiles[0].text).toString('base64');
const { settingsTables } = await import(`data:text/javascript;base64,${source}`);
const text = readFileSync(doc, 'utf8').replace(TABLES, () => `\n${settingsTables()}\n`);
writeFileSync(doc, await format(text, { parser: 'markdown', printWidth: 120 }));
