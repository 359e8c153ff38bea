import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import ts from 'typescript';

const ROOT = join(__dirname, '../../../..');

/**
 * With texts of this length a step per character is over at once, a step per pair of characters takes minutes. So the
 * limit below bounds the growth, however slow the machine is; without it the test could not be stopped.
 */
const LENGTH = 500_000;
const STOP_AFTER_MS = 10_000;

/** What patterns repeat, so that each way to match it twice shows: with an end that does not fit. */
const REPEATED = [
  ...['a', 'A', '0', ' ', '\t', '/', '.', '-', '_', '=', ':', ',', '{', '}', '*', '%', '\u00e4'],
  ...['1m', '1.1m', 'a/', '/a', '{a', 'a,'],
];
const STARTS = ['', '/', 'bearer ', 'basic ', 'a/a', '{'];

const ATTACKS = [
  ...REPEATED.map((unit) => unit.repeat(LENGTH / unit.length)),
  ...STARTS.flatMap((start) => REPEATED.map((unit) => `${start}${unit.repeat(LENGTH / unit.length)}!`)),
];

function expressionsOf(path: string): RegExp[] {
  const found: RegExp[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const [, pattern = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? [];
      found.push(new RegExp(pattern, flags));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(join(ROOT, path), 'utf8'), ts.ScriptTarget.Latest, true));
  return found;
}

const files = globSync('libs/*/src/**/*.ts', { cwd: ROOT }).filter((path) => !/spec\.ts$|\/testing\//.test(path));
const expressions = new Map(
  files.flatMap((path) => expressionsOf(path)).map((found): [string, RegExp] => [String(found), found]),
);

const context = createContext({ expression: /x/, text: '' });
const search = new Script('expression.lastIndex = 0; text.search(expression)');

/** @throws where the search does not come to an end */
function searchIn(text: string, expression: RegExp): void {
  Object.assign(context, { expression, text });
  search.runInContext(context, { timeout: STOP_AFTER_MS });
}

it('there are expressions to look at', () => {
  expect(expressions.size).toBeGreaterThan(25);
});

it.each([...expressions])('%s takes steps in proportion to the length of the text', (_name, expression) => {
  for (const attack of ATTACKS) searchIn(attack, expression);
});
