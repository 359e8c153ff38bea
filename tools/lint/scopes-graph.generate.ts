import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArchitecture, withScopesGraph } from './scopes-graph';

// Run by `npm run docs`, never with the tests.
it('writes the graph of scopes into docs/architecture.md', () => {
  writeFileSync(join(__dirname, '../../docs/architecture.md'), withScopesGraph(readArchitecture()));
});
