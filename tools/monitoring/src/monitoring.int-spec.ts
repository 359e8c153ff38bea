import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PLANS } from './dashboards/plans';
import { stringify } from 'yaml';
import { ALERTS, absolute, filesIn, read, RULES_TESTS } from './repository';
import { readAlerts } from './rules/alert-rules';
import { namesIn } from './rules/promql';
import { type ExposedMetrics, metricsIn } from './scrape/exposed-metrics';
import { scrapeFleet, type Scrapes } from './scrape/scraped-fleet';

/** What Prometheus adds to each series, or is part of one. */
const OF_PROMETHEUS = ['namespace', 'job', 'instance', 'le'];

/** A gauge of prom-client that is named as a counter. */
const KNOWN_FINDINGS = ['nodejs_active_resources_total non-counter metrics should not have "_total" suffix'];

function run(program: string, args: readonly string[], input = ''): { code: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
  return { code: status, output: `${stdout ?? ''}${stderr ?? ''}` };
}

/** @param text of the file that the program is given as its last argument */
function checkedAs(name: string, text: string, program: string, args: readonly string[]): ReturnType<typeof run> {
  const folder = mkdtempSync(join(tmpdir(), 'smart-router-monitoring-'));
  const file = join(folder, name);
  try {
    writeFileSync(file, text);
    return run(program, [...args, file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As a panel sends it to Prometheus. */
const sent = (expr: string): string => expr.replaceAll('$__rate_interval', '5m').replaceAll('$namespace', '.*');

const EXPRESSIONS = PLANS.flatMap(({ name, rows }) =>
  rows.flatMap(({ panels }) =>
    panels.flatMap(({ queries, title }) => queries.map(([expr]) => ({ panel: `${name}: ${title}`, expr: sent(expr) }))),
  ),
);

/** Labels by the reference, for metrics that have no series before something rare has happened. */
function documentedLabels(metric: string): readonly string[] {
  const row = read('docs/reference/metrics.md')
    .split('\n')
    .find((line) => line.startsWith(`| \`${metric}\``));
  return (row?.split(' | ')[2] ?? '').match(/(?<=`)[a-z_]+(?=`)/g) ?? [];
}

/** Each name that is not there, and each label that its metric does not have. */
function unknownNames(expression: string, metrics: ExposedMetrics): string[] {
  const { grouping, selectors } = namesIn(expression);
  const labelsOf = (metric: string) => {
    const shown = metrics.get(metric);
    return shown?.size === 0 ? new Set(documentedLabels(metric)) : (shown ?? new Set<string>());
  };
  const all = new Set([...OF_PROMETHEUS, ...selectors.flatMap(({ metric }) => [...labelsOf(metric)])]);
  return [
    ...selectors.filter(({ metric }) => metric !== 'up' && !metrics.has(metric)).map(({ metric }) => metric),
    ...selectors.flatMap(({ metric, labels }) =>
      labels
        .filter((label) => !OF_PROMETHEUS.includes(label) && !labelsOf(metric).has(label))
        .map((label) => `${metric}{${label}}`),
    ),
    ...grouping.filter((label) => !all.has(label)),
  ];
}

describe('the rules', () => {
  it('are valid for Prometheus', () => {
    const { code, output } = run('promtool', ['check', 'rules', ...filesIn(ALERTS, '.yaml').map(absolute)]);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('SUCCESS') });
  });

  it('fire and stay silent as their tests say', () => {
    const { code, output } = run('promtool', ['test', 'rules', ...filesIn(RULES_TESTS, '.yaml').map(absolute)]);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('SUCCESS') });
  });
});

it('has panels whose expressions Prometheus takes', () => {
  const rules = EXPRESSIONS.map(({ expr }, index) => ({ record: `panel:${index}`, expr }));
  const { code, output } = checkedAs('rules.yaml', stringify({ groups: [{ name: 'panels', rules }] }), 'promtool', [
    'check',
    'rules',
  ]);
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringContaining(`SUCCESS: ${rules.length} rules found`),
  });
});

it('shows an Alertmanager that takes its configuration', () => {
  const [, example = ''] = /```yaml\n# alertmanager\.yml\n([\s\S]*?)```/.exec(read('docs/monitoring.md')) ?? [];
  const { code, output } = checkedAs('alertmanager.yml', example, 'amtool', ['check-config']);
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('2 receivers') });
});

describe('what the apps expose', () => {
  let scrapes: Scrapes;
  let metrics: ExposedMetrics;

  beforeAll(async () => {
    scrapes = await scrapeFleet();
    metrics = metricsIn(scrapes.api, scrapes.worker);
  });

  it.each(['api', 'worker'] as const)('follows the conventions of Prometheus: %s', (app) => {
    const { output } = run('promtool', ['check', 'metrics'], scrapes[app]);
    expect(output.split('\n').filter((line) => line !== '' && !KNOWN_FINDINGS.includes(line))).toEqual([]);
  });

  it('has every metric and label that an alert names', () => {
    const unknown = readAlerts().flatMap(({ alert, expr }) => unknownNames(expr, metrics).map((name) => [alert, name]));
    expect(unknown).toEqual([]);
  });

  it('has every metric and label that a panel names', () => {
    const unknown = EXPRESSIONS.flatMap(({ panel, expr }) => unknownNames(expr, metrics).map((name) => [panel, name]));
    expect(EXPRESSIONS.length).toBeGreaterThan(60);
    expect(unknown).toEqual([]);
  });

  it('would not have a misspelt one', () => {
    expect(unknownNames('max by (tear) (smart_router_pool_target_pod{teer="gold"})', metrics)).toEqual([
      'smart_router_pool_target_pod',
      'smart_router_pool_target_pod{teer}',
      'tear',
    ]);
  });
});
