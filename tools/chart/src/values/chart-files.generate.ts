import { writeFileSync } from 'node:fs';
import { chartReadme, chartSchema, README_FILE, SCHEMA_FILE } from './chart-files';

// Run by `npm run docs`, never with the tests.
it('writes the schema and the page of the values', () => {
  writeFileSync(SCHEMA_FILE, JSON.stringify(chartSchema(), null, 2));
  writeFileSync(README_FILE, chartReadme());
});
