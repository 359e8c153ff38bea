import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StdoutWriter } from './stdout-writer';

/** A device on which every write fails for want of space. */
const FULL_DISK = '/dev/full';

let fd: number;

afterEach(() => closeSync(fd));

function open(path: string): number {
  fd = openSync(path, 'a');
  return fd;
}

it('writes everything by the end of a flush', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'stdout-writer-')), 'log');
  const writer = new StdoutWriter({ fd: open(path) });
  writer.write('one\ntwo\n');
  writer.write('three\n');
  writer.flushSync();
  expect(readFileSync(path, 'utf8').split('\n').sort()).toEqual(['', 'one', 'three', 'two']);
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
    while (!writer.isStuck) await nextTurn();
    writer.flushSync();
    writer.write('b\n');
    expect(writer.lostLines).toBe(1);
  });
});
