import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StdoutWriter } from './stdout-writer';

/** A device on which every write fails for want of space. */
const FULL_DISK = '/dev/full';

let fd: number;

afterEach(() => {
  if (isOpen()) closeSync(fd);
});

function isOpen(): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    // EBADF: the writer has closed it.
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  const endsAt = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > endsAt) throw new Error('waited in vain');
    await nextTurn();
  }
}

function open(path: string): number {
  fd = openSync(path, 'a');
  return fd;
}

function newFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'stdout-writer-')), 'log');
}

/** A file with room in place of the full disk: the number of a closed descriptor is the next one that is given out. */
function heal(path: string): void {
  const full = fd;
  closeSync(full);
  if (open(path) !== full) throw new Error('somebody else got the descriptor');
}

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n').filter(Boolean).sort();

it('has written what waits by the end of a flush, and leaves what a thread writes already to that', async () => {
  const path = newFile();
  const writer = new StdoutWriter({ fd: open(path) });
  writer.write('one\ntwo\n');
  writer.write('three\n');
  writer.flushSync();
  expect(linesOf(path)).toContain('three');
  await until(() => linesOf(path).length === 3);
  expect(linesOf(path)).toEqual(['one', 'three', 'two']);
});

it('keeps the order of what was written before it settled and what is flushed after', async () => {
  const path = newFile();
  const writer = new StdoutWriter({ fd: open(path), flushMs: 60_000 });
  // Long enough for a thread that a flush would overtake.
  const long = 'x'.repeat(1024 * 1024);
  for (let round = 0; round < 20; round += 1) {
    writer.write(`${long}\n`);
    await writer.settled();
    writer.write('last\n');
    writer.flushSync();
  }
  const lines = readFileSync(path, 'utf8').split('\n');
  expect(lines.map((line) => line.slice(0, 4))).toEqual([...Array(20).fill(['xxxx', 'last']).flat(), '']);
});

it('settles where nobody can read', async () => {
  const writer = new StdoutWriter({ fd: open(FULL_DISK) });
  writer.write('a\n');
  await writer.settled();
  expect(writer.isStuck).toBe(true);
  writer.flushSync();
  await until(() => !isOpen());
});

describe('on a full disk', () => {
  it('drops and counts the lines for which there is no more room', () => {
    const writer = new StdoutWriter({ fd: open(FULL_DISK), maxWaitingBytes: 4 });
    writer.write('a\nb\n');
    writer.write('c\nd\ne\n');
    expect(writer.lostLines).toBe(3);
  });

  it('gives up at a flush, and counts what comes after', async () => {
    const writer = new StdoutWriter({ fd: open(FULL_DISK) });
    writer.write('a\n');
    await until(() => writer.isStuck);
    writer.flushSync();
    writer.write('b\n');
    expect(writer.lostLines).toBe(1);
    // It closes the descriptor, whose number the next test may get.
    await until(() => !isOpen());
  });

  it('writes what waited, and further lines, when there is room again though no more could wait', async () => {
    const path = newFile();
    const writer = new StdoutWriter({ fd: open(FULL_DISK), maxWaitingBytes: 4, retryMs: 1 });
    writer.write('a\nb\n');
    await until(() => writer.isStuck);
    heal(path);
    writer.write('c\n');
    await until(() => !writer.isStuck);
    writer.write('d\n');
    await until(() => linesOf(path).length === 3);
    expect(readFileSync(path, 'utf8')).toBe('a\nb\nd\n');
    expect(writer.lostLines).toBe(1);
  });
});
