import type { RedisClient } from '@smart-router/redis';
import { Redis } from 'ioredis';
import { waitFor } from '@smart-router/testbed';

interface RecordedCommand {
  /** The command and its arguments. */
  readonly args: readonly string[];
}

/** All commands that Redis carries out meanwhile, those of scripts too. */
export async function recordCommands(url: string, work: () => Promise<void>): Promise<readonly RecordedCommand[]> {
  const client = new Redis(url);
  // What it asks when it connects must not come together with the answer to MONITOR, which the client cannot distinguish.
  await client.ping();
  const monitor = await client.monitor();
  const commands: RecordedCommand[] = [];
  monitor.on('monitor', (_time: string, args: string[]) => commands.push({ args }));
  const marked = (text: string) => () => commands.some(({ args }) => args[1] === text);
  try {
    await client.echo('begin');
    await waitFor(marked('begin'), { description: 'the first recorded command' });
    await work();
    await client.echo('end');
    await waitFor(marked('end'), { description: 'the last recorded command' });
    return commands.filter(({ args }) => args[0]?.toLowerCase() !== 'echo');
  } finally {
    monitor.disconnect();
    client.disconnect();
  }
}

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** In seconds, milliseconds or microseconds. */
const UNIX_TIME = /\b1\d{9}(\d{3}|\d{6})?\b/g;

/** Every key below the prefix with its type and what it holds, except for times and marks, which differ from run to run. */
export async function readKeys(client: RedisClient, prefix: string): Promise<Readonly<Record<string, string>>> {
  const keys = (await client.keys(`${prefix}*`)).sort();
  const entries = await Promise.all(
    keys.map(async (key) => {
      const type = await client.type(key);
      const text = JSON.stringify(await READERS[type]?.(client, key)).replaceAll(prefix, '');
      return [key.slice(prefix.length), `${type} ${text.replace(UNIX_TIME, 'TIME').replace(UUID, 'UUID')}`] as const;
    }),
  );
  return Object.fromEntries(entries);
}

const READERS: Readonly<Record<string, (client: RedisClient, key: string) => Promise<unknown>>> = {
  string: (client, key) => client.get(key),
  list: (client, key) => client.lrange(key, 0, -1),
  set: async (client, key) => (await client.smembers(key)).sort(),
  zset: async (client, key) => byMember((await client.zrange(key, 0, '-1', 'WITHSCORES')).flat()),
  stream: async (client, key) => (await client.xrange(key, '-', '+')).map(([, fields]) => fields),
  hash: async (client, key) => Object.entries(await client.hgetall(key)).sort(),
};

/** Equal times have no order. Other scores keep theirs, as part of the text. */
function byMember(flat: readonly unknown[]): string[] {
  const pairs = flat.flatMap((member, index) => (index % 2 === 0 ? [[String(member), String(flat[index + 1])]] : []));
  return pairs.sort().flat();
}
