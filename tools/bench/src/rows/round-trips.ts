import type { Redis } from 'ioredis';
import { EXCLUSIVE } from '../floor/fleet-names';
import { assertSuccess } from '../load/call-cycles';
import { HttpConnection } from '../load/http-connection';
import { allocateRequest, releaseRequest } from '../load/http-requests';
import { type CommandCounts, commandCountsOf, readsOf } from '../measure/command-stats';
import type { BenchContext } from './bench-context';
import type { StandardFleet } from './standard-fleet';

const CALLS = 500;
/**
 * What Redis counts has also what others sent meanwhile (a look at the era of the store, a refresh of the tier config, this
 * bench), which can only add to it: the least of these rounds counts.
 */
const ROUNDS = 5;

/** Row D: what Redis saw of a number of requests, one after the other. The leader has to be quiet for it. */
export async function measureRoundTrips(context: BenchContext, { api, fleet, leader }: StandardFleet): Promise<void> {
  leader.pause();
  await countCommands(context, api.port, fleet.client);
  leader.resume();
}

async function countCommands({ report }: BenchContext, port: number, client: Redis): Promise<void> {
  const connection = new HttpConnection(port);
  for (const [name, request] of [
    ['allocate', (callSid: string) => allocateRequest(callSid, EXCLUSIVE.merchant)],
    ['release', releaseRequest],
  ] as const) {
    const scripts: number[] = [];
    const reads: number[] = [];
    const commands: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const before = await storeCounts(client);
      for (let call = 0; call < CALLS; call++) assertSuccess(await connection.exchange(request(`D-${round}-${call}`)));
      const after = await storeCounts(client);
      scripts.push((after.scripts - before.scripts) / CALLS);
      reads.push((after.reads - before.reads) / CALLS);
      commands.push((after.commands - before.commands) / CALLS);
    }
    report.add('D', `scripts per ${name}`, 'calls', [Math.min(...scripts)], 'round trips');
    report.add('D', `reads of Redis per ${name}`, 'reads', [Math.min(...reads)]);
    report.add('D', `commands inside Redis per ${name}`, 'commands', [Math.min(...commands)]);
  }
  connection.close();
}

async function storeCounts(client: Redis): Promise<CommandCounts & { readonly reads: number }> {
  const counts = commandCountsOf(await client.info('commandstats'));
  return { ...counts, reads: readsOf(await client.info('stats')) };
}
