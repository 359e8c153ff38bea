import { Cluster, ReplyError } from 'ioredis';
import { isOtherServerNeeded, type RedisClient } from './client';

export interface CheckOptions {
  readonly database: number;
  /** A key that nobody writes. Deleting it changes nothing, and a server that takes no writes refuses it. */
  readonly probeKey?: string;
}

/** @returns what rejects where a connected client cannot be used, with the words of the server where it said why */
export function clientCheck({ database, probeKey }: CheckOptions): (client: RedisClient) => Promise<void> {
  return async (client) => {
    if (client instanceof Cluster) return warmUp(client);
    // The client ignores a SELECT that is refused: it would work on database 0, among the data of somebody else.
    if (database !== 0) await client.select(database);
    if (probeKey !== undefined) await client.del(probeKey).catch(passHarmless);
  };
}

/** What the server refuses for another reason than its role concerns single commands, and not the connection. */
function passHarmless(error: unknown): void {
  if (!(error instanceof ReplyError) || isOtherServerNeeded(error as Error)) throw error;
}

/** A cluster client connects to a node at the first command for it, and refuses the next ones meanwhile. */
async function warmUp(client: Cluster): Promise<void> {
  await Promise.allSettled(client.nodes('master').map((node) => node.ping()));
}
