import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES, type ErrorCode, statusesOf } from './error-codes';

const DOC = readFileSync(join(__dirname, '../../../../docs/reference/errors.md'), 'utf8');

/** The first three cells of each row of the table: code, status, text. */
const documented = [...DOC.matchAll(/^\| `([A-Z_]+)` *\| (\d[\d, ]*?) *\| ([^|]*?) *\|/gm)].map(
  ([, ...cells]) => cells,
);

it('is what docs/reference/errors.md says, in the same order', () => {
  const rows = Object.entries(ERROR_CODES).map(([code, { text }]) => [
    code,
    statusesOf(code as ErrorCode).join(', '),
    text,
  ]);
  expect(documented).toEqual(rows);
});
