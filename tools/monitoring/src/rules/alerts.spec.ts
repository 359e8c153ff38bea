import { existsSync } from 'node:fs';
import { ALERTS, absolute, filesIn, read } from '../repository';
import { readAlerts, readRuleTests } from './alert-rules';
import { namesIn } from './promql';

const alerts = readAlerts();
const tests = readRuleTests();
const texts = (annotations: Readonly<Record<string, string>>) =>
  `${annotations['summary']} ${annotations['description']}`;

/** Read from the store at each scrape, by every replica alike. */
const OF_THE_STORE = /smart_router_(?:pool_|active_calls|oldest_|config_version)/;

it('finds the alerts', () => {
  expect(alerts.length).toBeGreaterThan(25);
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
});

it('has a test for each alert, and no other', () => {
  expect(tests.map(({ name }) => name).sort()).toEqual(alerts.map(({ alert }) => alert).sort());
});

it('has a row on the page for each alert, and no other', () => {
  const rows = [...read('docs/monitoring.md').matchAll(/^\| \[`(SmartRouter\w+)`\]\((\S+)\)/gm)];
  expect(rows.map(([, name]) => name).sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  expect(
    rows.filter(
      ([, name, link]) =>
        !alerts.some((rule) => rule.alert === name && rule.annotations['runbook_url'] === `docs/${link}`),
    ),
  ).toEqual([]);
});

it('has no page of a runbook without its alert', () => {
  const pages = alerts.map(({ annotations }) => annotations['runbook_url']).sort();
  expect(filesIn('docs/runbooks', '.md')).toEqual(pages);
});

it('may be read by Helm: no file has what it would not give back', () => {
  expect(filesIn(ALERTS, '').filter((path) => !/\/[a-z]+\.yaml$/.test(path))).toEqual([]);
});

describe.each(alerts)('$alert', ({ alert, annotations, expr, for: holds, labels }) => {
  it('says what is wrong and for whom', () => {
    expect(alert).toMatch(/^SmartRouter[A-Z]\w+$/);
    expect(Object.keys(labels)).toEqual(['severity']);
    expect(labels['severity']).toMatch(/^(critical|warning|info)$/);
    expect(holds).toMatch(/^\d+m$/);
    expect(annotations['summary']?.length).toBeLessThan(100);
    expect(annotations['description']?.length).toBeGreaterThan(80);
    expect(Object.keys(annotations).filter((key) => key !== 'threshold')).toEqual([
      'summary',
      'description',
      'runbook_url',
    ]);
  });

  it('names only labels that its expression keeps', () => {
    const used = [...texts(annotations).matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
    const kept = [...expr.matchAll(/\bby \(([^)]*)\)/g)].map(([, list = '']) => list.split(', '));
    expect(used.filter((label) => !kept.some((list) => list.includes(label as string)))).toEqual([]);
  });

  it('keeps the namespace, and is bound to no job, namespace or release', () => {
    const { selectors } = namesIn(expr);
    const aggregations = [...expr.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].map(([, list = '']) => list);
    expect(aggregations.filter((list) => !/\bnamespace\b/.test(list))).toEqual([]);
    expect(aggregations.length).toBeGreaterThan(0);
    expect(selectors.flatMap((selector) => selector.labels)).not.toContain('job');
    expect(selectors.flatMap((selector) => selector.labels)).not.toContain('namespace');
  });

  it('never adds up what every replica reads from the store', () => {
    const sums = [...expr.matchAll(/\b(?:sum|count|avg) by \([^)]*\) \(([^)]*)/g)].map(([, inner = '']) => inner);
    expect(sums.filter((inner) => OF_THE_STORE.test(inner))).toEqual([]);
  });

  // The chart replaces `> <threshold>` by what the values say, and nothing else.
  it('has its threshold where the chart looks for it', () => {
    const { threshold } = annotations;
    if (threshold === undefined) return;
    const inPlace = expr.split(`> ${threshold}`).length - 1;
    expect(inPlace).toBeGreaterThan(0);
    expect(expr.match(new RegExp(`> ${threshold.replace('.', '\\.')}(?![\\d.])`, 'g'))).toHaveLength(inPlace);
    expect(texts(annotations)).not.toContain(threshold === '0' ? ' 0 ' : threshold);
  });

  it('has a runbook with what is asked at night', () => {
    const page = annotations['runbook_url'] ?? '';
    expect(existsSync(absolute(page))).toBe(true);
    const text = read(page);
    expect(text.split('\n')[0]).toBe(`# ${alert}`);
    for (const part of ['**Meaning.** ', '**Impact.** ', '## Check', '## Fix', '## When to wake somebody']) {
      expect(text).toContain(part);
    }
  });

  it('is tested where it fires and where the same series keep it silent', () => {
    const test = tests.find(({ name }) => name === alert);
    const samples =
      test?.promql_expr_test.flatMap(({ exp_samples: found }) => found.map((sample) => sample.labels)) ?? [];
    const metricsOf = (namespace: string) =>
      new Set(
        test?.input_series
          .filter(({ series }) => series.includes(`namespace="${namespace}"`))
          .map(({ series }) => series.split('{')[0]),
      );
    expect(samples.length).toBeGreaterThan(0);
    expect(samples.filter((sample) => !sample.includes('namespace="fires"'))).toEqual([]);
    expect([...metricsOf('fires')].filter((metric) => !metricsOf('silent').has(metric))).toEqual([]);
    expect(test?.promql_expr_test.map(({ expr: asked }) => asked)).toEqual(
      test?.promql_expr_test.map(() => `ALERTS{alertname="${alert}", alertstate="firing"}`),
    );
    // Before its time has passed it is silent.
    if (holds !== '0m') expect(test?.promql_expr_test.some(({ exp_samples: found }) => found.length === 0)).toBe(true);
  });
});
