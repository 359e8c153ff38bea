import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** An expression, and what its series are called: `{{label}}` or words. */
export type Query = readonly [expr: string, legend: string];

/** A unit of Grafana. */
export type Unit = 'short' | 's' | 'percentunit' | 'reqps' | 'ops' | 'bytes' | 'bool';

export interface PanelPlan {
  readonly kind: 'stat' | 'series';
  readonly title: string;
  /** What a reader should see here, in one sentence. */
  readonly says: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
}

export interface DashboardPlan {
  /** Of its file, and part of its uid, which links keep. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly { readonly title: string; readonly panels: readonly PanelPlan[] }[];
}

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** So wide that four of these, or two of those, fill a row. */
const SPANS = { stat: 6, series: 12 };
const HEIGHTS = { stat: 4, series: 8 };

/** A metric of the chosen namespaces. @param matchers more of them, as PromQL has them */
export function metric(name: string, matchers = ''): string {
  return `${name}{namespace=~"$namespace"${matchers === '' ? '' : `, ${matchers}`}}`;
}

/** Events a second of a counter, as the range of the panel allows. */
export function rate(name: string, matchers = ''): string {
  return `rate(${metric(name, matchers)}[$__rate_interval])`;
}

/** @param by labels that a series each is shown for; '' for one of all */
export function sumOfRate(by: string, name: string, matchers = ''): string {
  return `sum${by === '' ? '' : ` by (${by}) `}(${rate(name, matchers)})`;
}

/** What every replica reads from the store alike: one of them is the truth. */
export function truth(by: string, name: string, matchers = ''): string {
  return `max by (${by}) (${metric(name, matchers)})`;
}

/** @param share from 0 to 1 @param by labels besides `le` */
export function quantile(share: number, by: string, histogram: string): string {
  return `histogram_quantile(${share}, sum by (${[by, 'le'].filter(Boolean).join(', ')}) (${rate(`${histogram}_bucket`)}))`;
}

export const stat = (title: string, says: string, unit: Unit, ...queries: Query[]): PanelPlan => ({
  ...{ kind: 'stat', title, says, unit, queries },
});

export const series = (title: string, says: string, unit: Unit, ...queries: Query[]): PanelPlan => ({
  ...{ kind: 'series', title, says, unit, queries },
});

/** The dashboard as Grafana imports it, which is what its file holds. */
export function dashboardText(plan: DashboardPlan): string {
  return `${JSON.stringify(buildDashboard(plan), null, 2)}\n`;
}

function buildDashboard({ name, title, description, rows }: DashboardPlan): object {
  const dashboard = new DashboardBuilder(`Smart Router / ${title}`)
    .uid(`smart-router-${name}`)
    .description(description)
    .tags(['smart-router'])
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(
      new QueryVariableBuilder('namespace')
        .label('Namespace')
        .datasource(DATASOURCE)
        .query('label_values(smart_router_build_info, namespace)')
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .includeAll(true)
        .allValue('.*')
        .multi(true),
    );
  for (const row of rows) {
    dashboard.withRow(new RowBuilder(row.title));
    for (const plan of row.panels) dashboard.withPanel(panelOf(plan));
  }
  return dashboard.build();
}

function panelOf({ kind, title, says, unit, queries }: PanelPlan): Builder<Panel> {
  const panel = kind === 'stat' ? new StatBuilder() : new TimeSeriesBuilder().fillOpacity(10).min(0);
  panel.title(title).description(says).unit(unit).datasource(DATASOURCE).span(SPANS[kind]).height(HEIGHTS[kind]);
  queries.forEach(([expr, legend], index) => panel.withTarget(queryOf(expr, legend, index)));
  return panel;
}

function queryOf(expr: string, legend: string, index: number): Builder<Dataquery> {
  return new DataqueryBuilder()
    .expr(expr)
    .legendFormat(legend)
    .refId(String.fromCharCode(65 + index));
}
