import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CHART } from '../../render-chart.mjs';
import { readValues, type ValueEntry } from './values-document';
import { type Schema, valuesSchema } from './values-schema';
import { withValues } from './values-table';

export const SCHEMA_FILE = join(CHART, 'values.schema.json');
export const README_FILE = join(CHART, 'README.md');

const SETTINGS_PAGE = join(CHART, '../../docs/reference/settings.md');
const ALERTS = join(CHART, 'files/alerts');

/** The values of the chart as values.yaml declares them. */
export function chartValues(): ValueEntry[] {
  return readValues(readFileSync(join(CHART, 'values.yaml'), 'utf8'));
}

/** values.schema.json as it must be. */
export function chartSchema(): Schema {
  return valuesSchema(chartValues(), { settings: settings(), alerts: alertNames(), removed: removedValues() });
}

/** README.md as it must be. */
export function chartReadme(): string {
  return withValues(readFileSync(README_FILE, 'utf8'), chartValues());
}

/** Values that are gone, each with what to set instead. */
export function removedValues(): Record<string, string> {
  return parse(readFileSync(join(CHART, 'files/removed-values.yaml'), 'utf8')) as Record<string, string>;
}

/** The settings of the product, from the page that is generated from them. */
export function settings(): Record<string, string> {
  const rows = readFileSync(SETTINGS_PAGE, 'utf8').matchAll(/^\| `([A-Z_0-9]+)`[^|]*\|((?:[^|\\]|\\.)*)\|/gm);
  return Object.fromEntries([...rows].map(([, name = '', meaning = '']) => [name, meaning.trim()]));
}

/** Names of all alerts of the chart. */
export function alertNames(): string[] {
  return alertRules().map(({ alert }) => alert);
}

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** All alerts of the chart as they stand in its files. */
export function alertRules(): AlertRule[] {
  const files = existsSync(ALERTS) ? readdirSync(ALERTS).filter((name) => name.endsWith('.yaml')) : [];
  return files.toSorted().flatMap((name) => {
    const { groups } = parse(readFileSync(join(ALERTS, name), 'utf8')) as { groups: { rules: AlertRule[] }[] };
    return groups.flatMap(({ rules }) => rules);
  });
}
