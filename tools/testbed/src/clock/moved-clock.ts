import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SOURCE = join(__dirname, 'moved-clock.c');

/** The wall clock of processes that are started with its environment, in the hands of a test. */
export interface MovedClock {
  /** For the environment of a dynamically linked program, such as redis-server. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on it is so much ahead of the real one; behind where that is negative. */
  moveTo(aheadMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Builds the library with the C compiler of the machine. Linux only. */
export async function createMovedClock(): Promise<MovedClock> {
  const folder = await mkdtemp(join(tmpdir(), 'moved-clock-'));
  const library = join(folder, 'moved-clock.so');
  await promisify(execFile)('cc', ['-shared', '-fPIC', '-O1', '-o', library, SOURCE]);
  const path = join(folder, 'moved-by');
  const file = await open(path, 'w');
  const moveTo = async (aheadMs: number): Promise<void> => {
    const moved = Buffer.alloc(8);
    moved.writeBigInt64LE(BigInt(aheadMs) * 1_000n);
    await file.write(moved, 0, moved.length, 0);
  };
  await moveTo(0);
  return {
    env: { LD_PRELOAD: library, MOVED_CLOCK: path },
    moveTo,
    close: async () => {
      await file.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
