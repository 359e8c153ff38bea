import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { CHART, helmTemplate } from '../../render-chart.mjs';
import type { KubernetesObject } from './kubernetes-object';

export type Values = Readonly<Record<string, unknown>>;

export interface RenderOptions {
  readonly major?: 3 | 4;
  readonly args?: readonly string[];
  readonly chart?: string;
  readonly release?: string;
}

/** The least that has to be set. */
export const LEAST: Values = {
  config: { VOICE_AGENT_BASE_URL: 'wss://voice.example.com' },
  secrets: { redisUrl: { existingSecret: 'redis' }, apiKeys: { existingSecret: 'keys' } },
};

/** @returns the YAML. @throws Error with the text of Helm where it refuses the values */
export function renderText(values: Values, options: RenderOptions = {}): string {
  const { status, output, error } = helmTemplate({ values, ...options });
  if (status !== 0) throw new Error(error);
  return output;
}

/** As `renderText`, as objects. @throws Error where a key stands in an object twice */
export function render(values: Values, options: RenderOptions = {}): KubernetesObject[] {
  return objectsOf(renderText(values, options));
}

/** With the least that has to be set. */
export function renderWith(values: Values, options: RenderOptions = {}): KubernetesObject[] {
  return render(merge(LEAST, values), options);
}

/** What Helm says where it refuses values; empty where it takes them. The least is set besides. */
export function refusalOf(values: Values, options: RenderOptions = {}): string {
  const { status, error } = helmTemplate({ values: merge(LEAST, values), ...options });
  return status === 0 ? '' : error;
}

export function objectsOf(yaml: string): KubernetesObject[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    const object = document.toJS() as KubernetesObject | null;
    return object === null ? [] : [object];
  });
}

/** Values of the scenarios in ci, by name: `production`. */
export function scenarios(): [name: string, values: Values][] {
  const folder = join(CHART, 'ci');
  return readdirSync(folder).map((file) => [
    file.replace('-values.yaml', ''),
    parse(readFileSync(join(folder, file), 'utf8')) as Values,
  ]);
}

/** Maps are merged, everything else is replaced, as Helm does with values. */
export function merge(base: Values, over: Values): Values {
  const entries = Object.entries(over).map(([name, value]) => {
    const below = base[name];
    return [name, isMap(below) && isMap(value) ? merge(below, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) };
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
