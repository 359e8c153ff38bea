import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsTables } from './settings-table';

/** The formatter widens the columns of tables; that is no difference. */
function normalised(markdown: string): string {
  return markdown.replace(/-{3,}/g, '---').replace(/ +/g, ' ').trim();
}

it('is what docs/configuration.md says (write it anew by: node tools/scripts/settings-docs.mjs)', () => {
  const doc = readFileSync(join(__dirname, '../../../docs/configuration.md'), 'utf8');
  const tables = /<!-- settings: generated -->([\s\S]*)<!-- settings: end -->/.exec(doc)?.[1];
  expect(normalised(tables ?? '')).toBe(normalised(settingsTables()));
});
