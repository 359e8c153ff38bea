import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CHART, helmTemplate } from '../../render-chart.mjs';
import { LEAST, merge, type Values } from '../rendering/render';
import { chartValues } from './chart-files';
import { leavesOf, type ValueEntry } from './values-document';

// Every value is read: a value of its own for each one is found in what the chart makes, and each switch changes it.

/** What a parent chart reads, and what is no text of its own: `alerts.rules` has tests of its own. */
const LEFT_OUT = ['global', 'enabled', 'alerts.rules'];

interface Base {
  readonly values: Values;
  /** Which values the others leave without effect here, or contradict. */
  readonly without: RegExp;
}

const WHOLE: Base = {
  values: merge(LEAST, {
    mode: 'separate',
    secrets: { redisUrl: { existingSecret: '' } },
    redis: { enabled: true },
    router: { enabled: true },
    agents: { enabled: true, image: { repository: 'agent' } },
    ingress: { enabled: true, hosts: ['a.example.com'] },
    httpRoute: { enabled: true, force: true, parentRefs: [{ name: 'public' }] },
    networkPolicy: { enabled: true },
    metrics: { force: true, serviceMonitor: { enabled: true }, dashboards: { enabled: true } },
    alerts: { enabled: true },
  }),
  without: /\.value$|digest$|^agents\.(namespace|podSelector)$|^existingConfigMap$|^secrets\.redisUrl/,
};
const BY_VALUE: Base = {
  values: merge(WHOLE.values, {
    mode: 'combined',
    api: { autoscaling: { enabled: true } },
    redis: { enabled: false },
    networkPolicy: { egress: { enabled: true } },
    secrets: { apiKeys: { existingSecret: '' }, redisUrl: { value: 'redis://redis' } },
  }),
  without: /[sS]ecret$|^agents\.(namespace|podSelector)$|^existingConfigMap$/,
};
const BESIDE_OTHERS: Base = { values: LEAST, without: /\.value$|^router|^agents\.enabled$/ };
/** The image of Redis by its digest: the others have its tag. */
const PINNED: Base = {
  values: merge(LEAST, { secrets: { redisUrl: { existingSecret: '' } }, redis: { enabled: true } }),
  without: /^(?!redis\.image)/,
};
const BASES = [WHOLE, BY_VALUE, BESIDE_OTHERS, PINNED];

const isSwitch = ({ fallback, tags }: ValueEntry): boolean =>
  typeof fallback === 'boolean' || tags['enum'] !== undefined;

/** Where a text, number or list like the others does not do. */
const SHAPES: readonly (readonly [path: RegExp, shape: (mark: string, index: number) => unknown])[] = [
  [/digest$/, (_mark, index) => `sha256:${String(index).padStart(64, '0')}`],
  [/^config$/, (mark) => ({ LOG_LEVEL: mark })],
  [/temporaryFolder|accessLog/, (mark) => `/${mark}`],
  [/topologySpreadConstraints/, (mark) => [{ topologyKey: mark }]],
  [/[rs]Ports$/, (_mark, index) => [index]],
  [/imagePullSecrets|parentRefs|extra(Env|Volumes|VolumeMounts)$/, (mark) => [{ name: mark }]],
  [/hosts$|hostnames$|Command$|command$|args$|apiServers$/, (mark) => [mark]],
  [/extraObjects/, (mark) => [`mark: ${mark}`]],
];

/** A value that stands nowhere else. The numbers rise with the place, so that a most is more than a fewest. */
function ownValue({ path, fallback }: ValueEntry, index: number): { value: unknown; mark: string } {
  const number = 20_001 + index;
  const mark = `mark-${number}`;
  const shape = SHAPES.find(([pattern]) => pattern.test(path))?.[1];
  if (shape) return { value: shape(mark, number), mark: String(number) };
  // One part of a path is the call; what nginx reads is how many there may be besides.
  if (path === 'router.pathSegments') return { value: number + 1, mark: `{0,${number}}` };
  if (typeof fallback === 'number') return { value: number, mark: String(number) };
  if (typeof fallback === 'string') return { value: mark, mark };
  return { value: Array.isArray(fallback) ? [{ [mark]: mark }] : { [mark]: mark }, mark };
}

function at(path: string, value: unknown): Values {
  const [first = '', ...rest] = path.split('.');
  return { [first]: rest.length === 0 ? value : at(rest.join('.'), value) };
}

/** What Helm makes of values. A refusal is an effect as well, unless the schema says it. */
function effectOf(values: Values): string {
  const { output, error } = helmTemplate({ values });
  if (error.includes("don't meet the specifications")) throw new Error(error);
  return `${output}${error}`;
}

/** There is nothing to label as long as the chart has no dashboards. */
const hasDashboards = existsSync(join(CHART, 'files/dashboards'));

const leaves = leavesOf(chartValues()).filter(
  ({ path }) => !LEFT_OUT.includes(path) && (hasDashboards || !path.startsWith('metrics.dashboards.')),
);

it('puts every text, number, list and map where Kubernetes sees it', () => {
  const own = leaves.filter((leaf) => !isSwitch(leaf)).map((leaf, index) => ({ ...leaf, ...ownValue(leaf, index) }));
  const outputs = BASES.map(({ values, without }) => {
    const changes = own.filter(({ path }) => !without.test(path)).map(({ path, value }) => at(path, value));
    return effectOf(changes.reduce(merge, values));
  });

  expect(outputs.map((text) => text.slice(0, 3))).toEqual(BASES.map(() => '---'));
  expect(own.length).toBeGreaterThan(150);
  expect(own.filter(({ mark }) => !outputs.some((text) => text.includes(mark))).map(({ path }) => path)).toEqual([]);
});

it('follows every switch', () => {
  const before = BASES.map(({ values }) => effectOf(values));
  const switches = leaves.filter(isSwitch);
  // What a base has changed already is changed back.
  const hasEffect = (leaf: ValueEntry): boolean =>
    BASES.some(({ values }, index) =>
      [...(leaf.tags['enum']?.split('|') ?? [true, false])]
        .map((value) => merge(values, at(leaf.path, value)))
        .filter((changed) => JSON.stringify(changed) !== JSON.stringify(values))
        .some((changed) => effectOf(changed) !== before[index]),
    );

  expect(switches.length).toBeGreaterThan(25);
  expect(switches.filter((leaf) => !hasEffect(leaf)).map(({ path }) => path)).toEqual([]);
});
