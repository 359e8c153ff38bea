import { answerOf, type Schemas } from '@smart-router/api-client';
import { type Command, Option } from 'commander';
import { example } from '../help';
import { type Cell, painted } from '../output/cells';
import { facts, type View } from '../output/output';
import { distanceOf } from '../output/times';
import { collectPages, parseLimit } from '../pages';
import { withSession } from '../session';
import { withSuggestion } from '../suggestions';

type Pod = Schemas['PodDetail'];

interface PodsOptions {
  readonly pool?: string;
  readonly status?: 'available' | 'allocated' | 'draining';
  readonly limit?: number;
}

export function addPods(program: Command): void {
  program
    .command('pods [pod]')
    .description('The pods, or one of them.')
    .option('--pool <pool>', 'only pods of this pool')
    .addOption(
      new Option('--status <status>', 'only pods in this state').choices(['available', 'allocated', 'draining']),
    )
    .option('--limit <count>', 'at most this many', parseLimit)
    .addHelpText('after', example('srctl pods --pool standard', 'srctl pods --status draining -o name'))
    .action(
      withSession(async ({ api, out }, options: PodsOptions, name: string | undefined) => {
        if (name !== undefined) {
          const answer = answerOf(api.GET('/api/v1/pods/{pod_name}', { params: { path: { pod_name: name } } }));
          return out.print(podView(await withSuggestion('pod', name, api, answer), Date.now()));
        }
        const { limit, pool, status } = options;
        const filter = { ...(pool !== undefined && { pool }), ...(status !== undefined && { status }) };
        const pods = await collectPages(
          (query) => answerOf(api.GET('/api/v1/pods', { params: { query: { ...filter, ...query } } })),
          limit,
        );
        await out.print(podsView(pods, Date.now()));
      }),
    );
}

export function podsView(pods: readonly Pod[], nowMs: number): View {
  const rows = pods.map((pod): Cell[] => [
    pod.pod_name,
    pod.pool,
    state(pod),
    readiness(pod),
    pod.calls.length,
    distanceOf(pod.draining_since, nowMs),
    distanceOf(pod.drain_ends_at, nowMs),
  ]);
  const columns = ['POD', 'POOL', 'STATUS', 'READY', 'CALLS', 'DRAINS FOR', 'ENDS IN'];
  return { data: pods, table: [{ columns, rows }], names: pods.map(({ pod_name }) => pod_name) };
}

function podView(pod: Pod, nowMs: number): View {
  const rows: [string, Cell][] = [
    ['pod', pod.pod_name],
    ['pool', pod.pool],
    ['status', state(pod)],
    ['ready', readiness(pod)],
    ['calls', pod.calls.join(', ')],
    ['incarnation', pod.incarnation],
    ['drains for', distanceOf(pod.draining_since, nowMs)],
    ['drain ends in', distanceOf(pod.drain_ends_at, nowMs)],
  ];
  return { data: pod, table: [facts(rows)], names: [pod.pod_name] };
}

function state({ status }: Pod): Cell {
  if (status === 'available') return painted(status, 'green');
  return status === 'draining' ? painted(status, 'yellow') : status;
}

function readiness({ ready, terminating }: Pod): Cell {
  if (terminating) return painted('terminating', 'yellow');
  return ready ? 'yes' : painted('no', 'red');
}
