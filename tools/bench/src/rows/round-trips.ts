import type { Redis } from 'ioredis';
import { EXCLUSIVE } from '../floor/fleet-names';
import { assertSuccess } from '../load/call-cycles';
import { HttpConnection } from '../load/http-connection';
import { allocateRequest, releaseRequest } from '../load/http-requests';
import { readsOf, scriptCallsOf } from '../measure/command-stats';
import type { BenchContext } from './bench-context';
import type { StandardFleet } from './standard-fleet';

const CALLS = 500;

/** Row D: what Redis saw of a number of requests, one after the other. The leader has to be quiet for it. */
export async function measureRoundTrips(context: BenchContext, { api, fleet, leader }: StandardFleet): Promise<void> {
  leader.pause();
  await countCommands(context, api.port, fleet.client);
  leader.resume();
}

async function countCommands({ report }: BenchContext, port: number, client: Redis): Promise<void> {
  const connection = new HttpConnection(port);
  const callSids = Array.from({ length: CALLS }, (_, index) => `D-${index}`);
  for (const [name, request] of [
    ['allocate', (callSid: string) => allocateRequest(callSid, EXCLUSIVE.merchant)],
    ['release', releaseRequest],
  ] as const) {
    const before = await storeCounts(client);
    for (const callSid of callSids) assertSuccess(await connection.exchange(request(callSid)));
    const after = await storeCounts(client);
    report.add('D', `scripts per ${name}`, 'calls', [(after.scripts - before.scripts) / CALLS], 'round trips');
    // Also counts what others sent meanwhile: this bench itself, a refresh of the tier config.
    report.add('D', `reads of Redis per ${name}`, 'reads', [(after.reads - before.reads) / CALLS]);
  }
  connection.close();
}

async function storeCounts(client: Redis): Promise<{ scripts: number; reads: number }> {
  return { scripts: scriptCallsOf(await client.info('commandstats')), reads: readsOf(await client.info('stats')) };
}
