import { EXCLUSIVE } from '../floor/fleet-names';
import { oneMerchant } from '../load/load-command';
import { inRounds } from '../measure/rounds';
import { pairRatios } from '../measure/statistics';
import { type BenchContext, warmUp } from './bench-context';
import { type StandardFleet, startApi } from './standard-fleet';

const CONNECTIONS = 64;

/** Row J: the same load on one API process, and spread over two. */
export async function measureScaling(context: BenchContext, { api, fleet }: StandardFleet): Promise<void> {
  const second = await startApi(fleet);
  await warmUp(context, second.port, EXCLUSIVE.merchant);
  const run = (ports: readonly number[]) => async () => {
    const until = { seconds: context.plan.roundSeconds };
    const merchants = oneMerchant(EXCLUSIVE.merchant);
    const result = await context.load.ask({ kind: 'closed-loop', ports, connections: CONNECTIONS, until, merchants });
    return result.done / result.seconds;
  };
  const { one, two } = await inRounds(context.plan.rounds, { one: run([api.port]), two: run([api.port, second.port]) });
  context.report.add('J', '64 connections, 1 API process: cycles', '1/s', one);
  context.report.add('J', '64 connections, 2 API processes: cycles', '1/s', two);
  context.report.add('J', '2 processes against 1', 'ratio', pairRatios(two, one));
}
