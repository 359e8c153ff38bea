import { askRedis, waitFor } from '@smart-router/testbed';
import type { SentinelSetup } from './redis-setup';

/** A sentinel that stood still distrusts itself for 30 s, and then begins anew. */
const PROMOTION_TIMEOUT_MS = 90_000;

const within = (description: string) => ({ timeoutMs: PROMOTION_TIMEOUT_MS, description });

const replication = (port: number): Promise<string> => askRedis(port, 'INFO replication');

/** Resolves when most sentinels name another master than the first one. */
export async function promoted({ sentinel }: SentinelSetup): Promise<void> {
  const isOther = async (): Promise<boolean> => {
    const master = await sentinel.master();
    return master !== null && master !== sentinel.nodes[0];
  };
  await waitFor(isOther, within('a replica to be promoted'));
}

/** Resolves when the first master follows another one. */
export async function demoted({ sentinel }: SentinelSetup): Promise<void> {
  const port = sentinel.nodes[0]?.port ?? 0;
  await waitFor(async () => (await replication(port)).includes('role:slave'), within('the old master to be demoted'));
}

/** Resolves when the replicas have all that the master has now. */
export async function replicated({ sentinel: { nodes } }: SentinelSetup): Promise<void> {
  const [master, ...replicas] = nodes;
  const offset = offsetOf(await replication(master?.port ?? 0), 'master_repl_offset');
  const hasAll = async (port: number) => offsetOf(await replication(port), 'slave_repl_offset') >= offset;
  for (const { port } of replicas) await waitFor(() => hasAll(port), within('a replica to have everything'));
}

/** What the first master does from now on is known to none of these replicas: their password for it is wrong. */
export async function cutReplicas({ sentinel: { nodes } }: SentinelSetup, indexes: readonly number[]): Promise<void> {
  const master = nodes[0]?.port ?? 0;
  for (const index of indexes) await askRedis(nodes[index]?.port ?? 0, 'CONFIG SET masterauth wrong');
  await askRedis(master, 'CLIENT KILL TYPE replica');
  const left = nodes.length - 1 - indexes.length;
  await waitFor(async () => online(await replication(master)) === left, within('the replicas to be cut off'));
}

/** They may follow whoever is promoted. */
export async function uncutReplicas({ sentinel: { nodes } }: SentinelSetup): Promise<void> {
  for (const { port } of nodes.slice(1)) await askRedis(port, 'CONFIG SET masterauth ""');
}

const online = (info: string): number => (info.match(/state=online/g) ?? []).length;

const offsetOf = (info: string, name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
