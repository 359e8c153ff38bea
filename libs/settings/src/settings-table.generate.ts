import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsPage } from './settings-table';

// Run by `npm run docs`, never with the tests: Jest is what loads the sources without a build.
it('writes docs/reference/settings.md', () => {
  writeFileSync(join(__dirname, '../../../docs/reference/settings.md'), settingsPage());
});
