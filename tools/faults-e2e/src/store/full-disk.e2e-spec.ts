import { execFile } from 'node:child_process';
import { mkdtemp, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { askRedis, waitFor } from '@smart-router/testbed';
import { allocateAtLast, type FaultyFleet, POD_COUNT, startFaultyFleet } from './faulty-fleet';

const run = promisify(execFile);
const SOON_MS = 20_000;
const UNAVAILABLE = { status: 502, body: { code: 'STORE_UNAVAILABLE' } };

// A small disk is a mount, which only root may make.
const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

asRoot('a Redis whose disk is full', () => {
  let disk: string;
  let fleet: FaultyFleet;
  const ask = (command: string) => askRedis(fleet.redis.port, command);

  beforeAll(async () => {
    disk = await mkdtemp(join(tmpdir(), 'full-disk-'));
    await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]);
    fleet = await startFaultyFleet({ redis: { args: ['--dir', disk, '--appendonly', 'yes'] } });
  });

  afterAll(async () => {
    await fleet?.stop();
    await run('umount', [disk]);
    await rmdir(disk);
  });

  /** What is left of the disk, and no more: the last bytes go one by one. */
  async function fill(): Promise<void> {
    for (const bytes of [1_000_000, 100_000, 10_000, 1_000, 100, 1]) {
      const isFull = (error: unknown): boolean => String(error).includes('ENOSPC');
      for (let number = 0; ; number++) {
        const error: unknown = await writeFile(join(disk, `filler-${bytes}-${number}`), Buffer.alloc(bytes)).catch(
          (reason: unknown) => reason,
        );
        if (error === undefined) continue;
        if (!isFull(error)) throw error;
        break;
      }
    }
  }

  it('refuses in time, and is used again by itself when there is room, with all that it acknowledged', async () => {
    const { healthy } = fleet;
    await allocateAtLast(healthy, 'kept');
    await allocateAtLast(healthy, 'ended');
    await fill();
    let refused = 0;
    await waitFor(
      async () => {
        const answer = await healthy.api.allocate(`full-${refused++}`);
        await healthy.api.release(`full-${refused - 1}`);
        return answer.status === 502 && (await ask('INFO persistence')).includes('aof_last_write_status:err');
      },
      { timeoutMs: SOON_MS, description: 'the log of Redis to be refused by the disk' },
    );
    expect([await healthy.api.allocate('full'), await healthy.api.release('ended')]).toMatchObject([
      UNAVAILABLE,
      UNAVAILABLE,
    ]);
    expect((await healthy.api.probe('/health')).status).toBe(200);

    await run('sh', ['-c', `rm ${join(disk, 'filler-')}*`]);
    await allocateAtLast(healthy, 'after');
    expect(await healthy.api.release('kept')).toMatchObject({ status: 200 });
    expect(await healthy.api.release('after')).toMatchObject({ status: 200 });
    for (let number = 0; number < refused; number++) await healthy.api.release(`full-${number}`);
    // The end that was refused is carried out all the same, so that nobody asks for it again.
    await fleet.hasAvailable(POD_COUNT);
    expect((await healthy.api.call('ended')).body).toMatchObject({ status: 'ended', reason: 'released' });
  });
});
