import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHART } from '../../render-chart.mjs';
import { find } from '../rendering/kubernetes-object';
import { merge, refusalOf, renderWith, type Values } from '../rendering/render';
import { type AlertRule, alertRules } from '../values/chart-files';

// What people complain about most in the charts of others, third part: alerts.

const ON: Values = { metrics: { force: true }, alerts: { enabled: true } };

function rulesOf(alerts: Values): AlertRule[] {
  const rule = find(renderWith(merge(ON, { alerts })), 'PrometheusRule smart-router');
  return (rule.spec?.['groups'] as { rules: AlertRule[] }[]).flatMap(({ rules }) => rules);
}

const named = (rules: readonly AlertRule[], name: string): AlertRule | undefined =>
  rules.find(({ alert }) => alert === name);

describe('21: alerts', () => {
  it('are those of the files, with the templates of Prometheus in their texts', () => {
    expect(rulesOf({})).toEqual(alertRules());
    expect(JSON.stringify(rulesOf({}))).toContain('{{ $');
  });

  it('are tuned one by one', () => {
    const rules = {
      SmartRouterPoolLow: { threshold: 0.9, for: '42m', severity: 'info' },
      SmartRouterNoLeader: { enabled: false },
    };
    const tuned = rulesOf({ rules, runbookBaseUrl: 'https://x.example.com/', alertLabels: { team: 'voice' } });
    const others = (found: readonly AlertRule[]) =>
      found.filter(({ alert }) => !Object.keys(rules).includes(alert)).map(({ alert, expr }) => ({ alert, expr }));

    expect(named(tuned, 'SmartRouterNoLeader')).toBeUndefined();
    expect(named(tuned, 'SmartRouterPoolLow')).toMatchObject({
      for: '42m',
      labels: { severity: 'info', team: 'voice' },
    });
    expect(named(tuned, 'SmartRouterPoolLow')?.expr).toContain('> 0.9');
    expect(named(tuned, 'SmartRouterPoolLow')?.expr).not.toContain('0.85');
    expect(others(tuned)).toEqual(others(alertRules()));
    const runbooks = tuned.map(({ annotations }) => annotations['runbook_url']);
    expect(runbooks.filter((url) => !url?.startsWith('https://x.example.com/docs/'))).toEqual([]);
  });

  it('take every threshold, with no digit that Helm turns into an exponent', () => {
    const withOne = alertRules().filter(({ annotations }) => annotations['threshold'] !== undefined);
    const tuned = rulesOf({ rules: Object.fromEntries(withOne.map(({ alert }) => [alert, { threshold: 7_654_321 }])) });
    expect(withOne.length).toBeGreaterThan(3);
    expect(withOne.filter(({ alert }) => !named(tuned, alert)?.expr.includes('> 7654321'))).toEqual([]);
  });

  it('are refused where a change of one would do nothing', () => {
    const off = { SmartRouterPoolLow: { enabled: false } };
    expect(refusalOf({ alerts: { rules: off } })).toContain('set alerts.enabled');
    expect(refusalOf(merge(ON, { alerts: { rules: { SmartRouterPoolLo: { enabled: false } } } }))).toContain('PoolLo');
    const none = { SmartRouterNoLeader: { threshold: 1 } };
    expect(refusalOf(merge(ON, { alerts: { rules: none } }))).toContain('this alert has no threshold');
  });
});

it('22: alerts name no namespace, job or release', () => {
  const expressions = alertRules().map(({ expr }) => expr);
  expect(expressions.filter((expr) => /\b(job|namespace|release|pod)\s*(=|!)/.test(expr))).toEqual([]);
});

it('dashboards are the files as they are, with the label that Grafana looks for', () => {
  const folder = join(CHART, 'files/dashboards');
  const files = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
  const maps = renderWith({ metrics: { dashboards: { enabled: true } } }).filter(({ metadata }) =>
    metadata.name.startsWith('smart-router-dashboard-'),
  );

  expect(files.length).toBeGreaterThan(3);
  expect(Object.assign({}, ...maps.map(({ data }) => data))).toEqual(Object.fromEntries(files));
  expect(maps.filter(({ metadata }) => metadata.labels?.['grafana_dashboard'] !== '1')).toEqual([]);
});
