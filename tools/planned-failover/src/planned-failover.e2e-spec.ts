import { askRedis, type RedisProcess, type RedisSentinel, startRedisSentinel, waitFor } from '@smart-router/testbed';
import { Redis } from 'ioredis';
import { runCommandLine } from './command-line';
import { Refusal } from './failures';
import type { Options } from './options';
import { plannedFailover } from './planned-failover';

let group: RedisSentinel;
let lines: string[];

const node = (index: number): RedisProcess => group.nodes[index] as RedisProcess;
const replication = (index: number) => askRedis(node(index).port, 'INFO replication');
const soon = (description: string) => ({ timeoutMs: 60_000, description });

function options(changes: Partial<Options> = {}): Options {
  const [host = '', port] = group.sentinels[0]?.split(':') ?? [];
  return {
    sentinels: [{ host, port: Number(port) }],
    masterName: group.masterName,
    redis: {},
    sentinel: {},
    tls: null,
    pauseMs: 20_000,
    catchUpMs: 5_000,
    dryRun: false,
    ...changes,
  };
}

const run = (changes: Partial<Options> = {}, signal = new AbortController().signal) =>
  plannedFailover(options(changes), { log: (line) => lines.push(line), signal });

/** A pause would hold it back, for longer than an answer may take. */
const expectWritable = async (): Promise<void> => expect(await askRedis(node(0).port, 'SET probe 1')).toBe('OK');

async function expectUntouched(): Promise<void> {
  expect(await replication(0)).toContain('role:master');
  await expectWritable();
}

beforeEach(async () => {
  lines = [];
  group = await startRedisSentinel({ replicas: 2 });
  for (const index of [1, 2]) {
    await waitFor(async () => (await replication(index)).includes('master_link_status:up'), soon('the link'));
  }
});
afterEach(() => group.stop());

describe('plannedFailover', () => {
  it('promotes a replica, and loses nothing of what is acknowledged meanwhile', async () => {
    const acknowledged: number[] = [];
    const client = new Redis(node(0).port, '127.0.0.1', { maxRetriesPerRequest: 0, retryStrategy: () => null });
    client.on('error', () => undefined);
    const writing = (async () => {
      for (let i = 0; ; i++) {
        await client.rpush('log', i);
        acknowledged.push(i);
      }
    })().catch(() => undefined);
    await waitFor(() => acknowledged.length > 100, soon('writes'));

    const name = await run();

    await writing;
    const promoted = [1, 2].find((index) => name === `127.0.0.1:${node(index).port}`) ?? 0;
    expect(promoted).toBeGreaterThan(0);
    expect(await group.master()).toBe(node(promoted));
    expect(await replication(promoted)).toContain('role:master');
    expect(await replication(0)).toContain('role:slave');
    expect(Number(await askRedis(node(promoted).port, 'LLEN log'))).toBe(acknowledged.length);
    expect(lines.at(-1)).toMatch(/^done in \d+ ms: the sentinels name /);
    // Nothing is paused any more, so that it may become the master again.
    await waitFor(
      async () => (await replication(0)).includes('master_link_status:up'),
      soon('the old master to follow'),
    );
    await expect(askRedis(node(0).port, 'SET probe 1')).rejects.toThrow('READONLY');
  });

  it('changes nothing in a dry run', async () => {
    expect(await run({ dryRun: true })).toBeNull();
    expect(lines).toEqual([
      `the master is 127.0.0.1:${node(0).port}; 3 of 3 sentinels answer, and agree`,
      expect.stringMatching(/^in step: 127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+$/),
      'dry run: the failover would be safe now, nothing was changed',
    ]);
    await expectUntouched();
  });

  it('refuses while a replica that may be promoted does not hear its master, and names it', async () => {
    await askRedis(node(2).port, 'CONFIG SET masterauth wrong');
    await askRedis(node(0).port, 'CLIENT KILL TYPE replica');
    await waitFor(async () => (await replication(1)).includes('master_link_status:up'), soon('the other replica'));
    const refused = run({ catchUpMs: 300 });
    await expect(refused).rejects.toThrow(Refusal);
    await expect(refused).rejects.toThrow(`127.0.0.1:${node(2).port} is not in step`);
    await expectUntouched();
  });

  it('ends the pause and refuses when a replica lags behind at the pause', async () => {
    // Its line is good until then: it stops to read when the pause has begun.
    const log = (line: string): void => {
      lines.push(line);
      if (line.startsWith('writes are paused')) node(2).pause();
    };
    const refused = plannedFailover(options({ catchUpMs: 300 }), { log, signal: new AbortController().signal });
    await expect(refused).rejects.toThrow(`127.0.0.1:${node(2).port} is not in step`);
    node(2).resume();
    await expectUntouched();
  });

  it('refuses when no replica may be promoted', async () => {
    for (const index of [1, 2]) await askRedis(node(index).port, 'CONFIG SET replica-priority 0');
    await waitFor(
      () =>
        run({ dryRun: true }).then(
          () => false,
          () => true,
        ),
      soon('the sentinels to know'),
    );
    await expect(run()).rejects.toThrow('there is no replica that the sentinel could promote');
    await expectUntouched();
  });

  it('promotes past a replica that the sentinels know to be down', async () => {
    await node(2).kill();
    await waitFor(() => run({ dryRun: true }).then(() => true), soon('the sentinels to know'));
    expect(await run()).toBe(`127.0.0.1:${node(1).port}`);
    expect(lines.join('\n')).toContain(
      `not waited for, since the sentinel cannot choose them: 127.0.0.1:${node(2).port}`,
    );
  });

  it('refuses while a failover is in progress', async () => {
    await askRedis(options().sentinels[0]?.port ?? 0, `SENTINEL FAILOVER ${group.masterName}`);
    await expect(run()).rejects.toThrow(/a failover is in progress|do not agree/);
  });

  it('refuses a name that the sentinels do not know, and a wrong password', async () => {
    await expect(run({ masterName: 'other' })).rejects.toThrow('knows no master named other');
    await expect(run({ redis: { password: 'wrong' } })).rejects.toThrow('does not take the user or the password');
    await expect(run({ sentinel: { password: 'wrong' } })).rejects.toThrow('does not take the user or the password');
    await expectUntouched();
  });

  it('refuses when no majority of the sentinels answers', async () => {
    for (const address of group.sentinels.slice(1)) {
      await askRedis(Number(address.split(':')[1]), 'SHUTDOWN NOSAVE').catch(() => undefined);
    }
    await expect(run()).rejects.toThrow('only 1 of 3 sentinels answer');
    await expectUntouched();
  });

  it('returns an exit code for each kind of end', async () => {
    const progress = { log: (line: string) => lines.push(line), signal: new AbortController().signal };
    const args = ['--sentinel', group.sentinels[0] ?? '', '--master-name'];
    expect(await runCommandLine([...args, group.masterName, '--dry-run'], {}, progress)).toBe(0);
    expect(await runCommandLine([...args, 'other'], {}, progress)).toBe(1);
    expect(lines.at(-1)).toMatch(/^refused, nothing was changed: .* knows no master named other$/);
    expect(await runCommandLine([...args, group.masterName, '--dry'], {}, progress)).toBe(2);
    await expectUntouched();
  });

  it('ends the pause when it is interrupted', async () => {
    const interrupted = new AbortController();
    const log = (line: string): void => void (line.startsWith('writes are paused') && interrupted.abort());
    await expect(plannedFailover(options(), { log, signal: interrupted.signal })).rejects.toThrow('interrupted');
    await expectUntouched();
  });
});
