import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestApi } from '../testing/test-api';
import { buildOpenApiDocument } from './openapi-document';

const PRODUCT = JSON.parse(readFileSync(join(__dirname, '../../../../package.json'), 'utf8')) as { version: string };
const COMMITTED = join(__dirname, '../../../../docs/reference/openapi.json');

// Run by `npm run docs`, never with the tests: Jest is what loads the sources without a build.
it('writes docs/reference/openapi.json', async () => {
  const api = await startTestApi();
  const document = JSON.stringify(buildOpenApiDocument(api.app, PRODUCT.version), null, 2);
  await api.close();
  writeFileSync(COMMITTED, `${document}\n`);
});
