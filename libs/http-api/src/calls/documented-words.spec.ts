import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { END_REASONS, REFUSAL_REASONS } from '@smart-router/routing-store';

const docs = (name: string) => readFileSync(join(__dirname, '../../../../docs', name), 'utf8');

/** The words of the first column of the table with this head. */
function wordsUnder(head: string): (string | undefined)[] {
  const [, table = ''] = docs('api.md').split(head);
  const [rows = ''] = table.split('\n\n');
  return [...rows.matchAll(/^\| `([a-z_]+)`/gm)].map(([, word]) => word);
}

it('has every outcome of a chain in docs/api.md, the nearest to a pod first', () => {
  expect(wordsUnder('| Outcome ')).toEqual(['granted', ...REFUSAL_REASONS]);
});

it('has every way in which a call ends in docs/api.md', () => {
  expect(wordsUnder('| `reason` ')).toEqual(END_REASONS);
});

it('has every reason of a refusal in docs/reference/metrics.md', () => {
  const [row = ''] = /^\| `smart_router_refusals_total`.*$/m.exec(docs('reference/metrics.md')) ?? [];
  expect(row).toContain(`\`reason\`: ${REFUSAL_REASONS.join(', ')} `);
});
