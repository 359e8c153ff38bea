import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsPage } from './settings-table';

/** The formatter widens the columns of tables; that is no difference. */
function normalised(markdown: string): string {
  return markdown.replace(/-{3,}/g, '---').replace(/ +/g, ' ').trim();
}

it('is the committed page (npm run docs writes it anew)', () => {
  const page = readFileSync(join(__dirname, '../../../docs/reference/settings.md'), 'utf8');
  expect(normalised(page)).toBe(normalised(settingsPage()));
});
