import { writeFileSync } from 'node:fs';
import { chartValues } from './chart-files';
import { RELEASED_FILE } from './released-values';
import { leavesOf } from './values-document';

// Run by hand with a release, as CONTRIBUTING.md says; never by `npm run docs`, which would hide that a value is gone.
const isRelease = process.env['RELEASE'] === 'true';

(isRelease ? it : it.skip)('writes the values of this release', () => {
  const paths = leavesOf(chartValues()).map(({ path }) => path);
  writeFileSync(RELEASED_FILE, `${paths.join('\n')}\n`);
});
