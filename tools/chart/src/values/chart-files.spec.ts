import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHART } from '../../render-chart.mjs';
import {
  chartReadme,
  chartSchema,
  chartValues,
  README_FILE,
  removedValues,
  SCHEMA_FILE,
  settings,
} from './chart-files';
import { releasedValues, lostValues } from './released-values';
import { leavesOf, readValues } from './values-document';

/** The formatter widens the columns of tables; that is no difference. */
function normalised(markdown: string): string {
  return markdown.replace(/-{3,}/g, '---').replace(/ +/g, ' ').trim();
}

it('has the schema of the values, the settings and the alerts (npm run docs writes it anew)', () => {
  expect(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8'))).toEqual(chartSchema());
});

it('has the table of the values (npm run docs writes it anew)', () => {
  expect(normalised(readFileSync(README_FILE, 'utf8'))).toBe(normalised(chartReadme()));
});

it('knows every setting of the product', () => {
  expect(Object.keys(settings()).length).toBeGreaterThan(90);
  expect(Object.keys(settings())).toEqual(
    expect.arrayContaining(['REDIS_URL', 'WS_URL_TEMPLATE', 'LEADER_ELECTION_ENABLED']),
  );
});

it('has a place for every secret of the product', () => {
  const page = readFileSync(join(CHART, '../../docs/reference/settings.md'), 'utf8');
  const secrets = [...page.matchAll(/^\| `([A-Z_]+)`, `\1_FILE`/gm)].map(([, name]) => name);
  const keys = leavesOf(chartValues()).filter(({ path }) => /^secrets\..*\.key$/.test(path));
  expect(keys.map(({ fallback }) => fallback).toSorted()).toEqual(secrets.toSorted());
});

it('has the version of the product', () => {
  const { version } = JSON.parse(readFileSync(join(CHART, '../../package.json'), 'utf8')) as { version: string };
  expect(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')).toMatch(`\nversion: ${version}\nappVersion: ${version}\n`);
});

describe('a value of the last release', () => {
  it('is still there, or refused with the name of what to set', () => {
    const now = leavesOf(chartValues()).map(({ path }) => path);
    expect(releasedValues().length).toBeGreaterThan(150);
    expect(lostValues({ released: releasedValues(), now, removed: Object.keys(removedValues()) })).toEqual([]);
  });

  it('is lost where neither is so', () => {
    const now = ['api.replicas', 'config'];
    const released = ['api.replicas', 'api.pods', 'config', 'old', 'older.part'];
    expect(lostValues({ released, now, removed: ['old'] })).toEqual(['api.pods', 'older.part']);
  });
});

describe('the comments of values', () => {
  it('describe a value and narrow it', () => {
    const text =
      '# Above.\n\n# -- One.\n# Two.\n# @enum a|b\nmode: a\npart:\n  # -- Three.\n  # @type map\n  free: { x: 1 }\n';
    expect(leavesOf(readValues(text))).toEqual([
      { path: 'mode', description: 'One. Two.', tags: { enum: 'a|b' }, fallback: 'a', children: null },
      { path: 'part.free', description: 'Three.', tags: { type: 'map' }, fallback: { x: 1 }, children: null },
    ]);
  });

  it('may not be missing', () => {
    expect(() => readValues('part:\n  # no description\n  value: 1\n')).toThrow('part.value has no comment');
  });
});
