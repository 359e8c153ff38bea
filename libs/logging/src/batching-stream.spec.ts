import { setImmediate as nextTurn } from 'node:timers/promises';
import { BatchingStream } from './batching-stream';

function recorded() {
  const written: string[] = [];
  const lines = new BatchingStream({
    write: (text) => void written.push(text),
    settled: () => Promise.resolve(),
    flushSync: () => void written.push('flushed'),
  });
  return { written, lines };
}

it('writes the lines of one tick of the event loop in one piece, in their order', async () => {
  const { written, lines } = recorded();
  lines.write('one\n');
  await Promise.resolve();
  lines.write('two\n');
  expect(written).toEqual([]);
  await nextTurn();

  expect(written).toEqual(['one\ntwo\n']);
});

it('writes the lines of the next tick in the next piece', async () => {
  const { written, lines } = recorded();
  lines.write('one\n');
  await nextTurn();
  lines.write('two\n');
  await nextTurn();

  expect(written).toEqual(['one\n', 'two\n']);
});

it('writes everything at once, and once, when it is flushed in the middle of a tick', async () => {
  const { written, lines } = recorded();
  lines.write('one\n');
  lines.flushSync();
  expect(written).toEqual(['one\n', 'flushed']);
  await nextTurn();

  expect(written).toEqual(['one\n', 'flushed']);
});
