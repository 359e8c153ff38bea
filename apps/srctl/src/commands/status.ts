import { answerOf, type Schemas } from '@smart-router/api-client';
import type { Command } from 'commander';
import { CommandFailure, EXIT } from '../exit-codes';
import { example } from '../help';
import { type Cell, painted } from '../output/cells';
import type { View } from '../output/output';
import { distanceOf } from '../output/times';
import { withSession } from '../session';

type Status = Schemas['StatusResponse'];
type Pool = Schemas['PoolStatusBody'];

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('All pools at a glance: pods, calls, who leads.')
    .addHelpText('after', example('srctl status', 'srctl status -o json | jq .active_calls'))
    .action(
      withSession(async ({ api, out }) => {
        const status = await answerOf(api.GET('/api/v1/status'));
        await out.print(statusView(status, Date.now()));
        if (out.format === 'table') for (const warning of status.warnings) out.warn(warning);
        if (status.status === 'down')
          throw new CommandFailure(EXIT.failed, 'the store cannot be reached', 'srctl doctor says more');
      }),
    );
}

export function statusView(status: Status, nowMs: number): View {
  const pools = Object.entries(status.pools ?? {});
  const columns = ['POOL', 'TYPE', 'ASSIGNED', 'AVAILABLE', 'CALLS', 'CAPACITY', 'TARGET', 'DRAINING'];
  return {
    data: status,
    table: [headline(status, nowMs), { columns, rows: pools.map(([name, pool]) => poolRow(name, pool)) }],
    names: pools.map(([name]) => name),
  };
}

function headline({ active_calls, leader, status, store, tier_config_version }: Status, nowMs: number): string {
  const latency = store.latency_ms === null ? '' : ` (${store.latency_ms} ms)`;
  const leads = leader ? `${leader.identity} for ${distanceOf(leader.since, nowMs)} (epoch ${leader.epoch})` : 'nobody';
  return [
    `store ${store.kind} ${status}${latency}`,
    `leader ${leads}`,
    `tier config ${tier_config_version}`,
    `calls ${active_calls ?? '-'}`,
  ].join('   ');
}

function poolRow(name: string, pool: Pool): Cell[] {
  const { active_calls, assigned, capacity, draining, max_concurrent, target, type } = pool;
  return [
    name,
    max_concurrent === undefined ? type : `${type} (${max_concurrent})`,
    assigned < target ? painted(String(assigned), 'yellow') : assigned,
    available(pool),
    active_calls,
    capacity,
    target,
    draining > 0 ? painted(String(draining), 'yellow') : draining,
  ];
}

function available({ assigned, available: free }: Pool): Cell {
  if (free > 0) return painted(String(free), 'green');
  return assigned > 0 ? painted('0', 'red') : 0;
}
