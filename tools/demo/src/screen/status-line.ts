import { answerOf } from '@smart-router/api-client';
import { type CallFigures, sumOf, type Totals } from '../calls/call-figures';
import type { Fleet } from '../fleet';
import type { Monitoring } from '../monitoring/monitoring';

/** `12:03:04  live 12  placed 134  refused 0  failed 0  cut 0  p99 4 ms  leader leader-worker-1  pods 8/8` */
export async function statusLine(figures: CallFigures, fleet: Fleet, monitoring: Monitoring | null): Promise<string> {
  const totals = figures.totals();
  const p99 = figures.takeP99Ms();
  const parts = [
    new Date().toTimeString().slice(0, 8),
    `live ${totals.live}`,
    `placed ${totals.placed}`,
    ...troubleTexts(totals),
    `p99 ${p99 === null ? '-' : `${p99.toFixed(p99 < 10 ? 1 : 0)} ms`}`,
    await fleetText(fleet),
    ...(monitoring ? [await alertsText(monitoring)] : []),
  ];
  return parts.join('  ');
}

/** The whole run, for its end. */
export function summary(figures: CallFigures): string {
  const totals = figures.totals();
  const frames = `${totals.framesSent} frames sent, ${totals.framesLost} of them lost`;
  return [`placed ${totals.placed}`, ...troubleTexts(totals), frames].join(', ');
}

function troubleTexts({ cut, failed, refused, wrongPod }: Totals): string[] {
  const named = { refused, failed, cut, 'wrong pod': wrongPod };
  return Object.entries(named).map(([name, counts]) => {
    const reasons = Object.entries(counts).map(([reason, count]) => `${reason} ${count}`);
    return `${name} ${sumOf(counts)}${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`;
  });
}

async function fleetText(fleet: Fleet): Promise<string> {
  const answer = await answerOf(fleet.api.GET('/api/v1/status')).catch(() => null);
  if (answer === null) return 'the API does not answer';
  const { leader, pools } = answer;
  if (pools === null) return 'Redis is away';
  const assigned = Object.values(pools).reduce((sum, pool) => sum + pool.assigned, 0);
  return `leader ${leader?.identity ?? 'nobody'}  pods ${assigned}/${fleet.agents.length}`;
}

async function alertsText(monitoring: Monitoring): Promise<string> {
  const firing = await monitoring.firing().catch(() => null);
  if (firing === null) return 'Prometheus does not answer';
  return `alerts ${firing.length === 0 ? 'none' : firing.join(', ')}`;
}
