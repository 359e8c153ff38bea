import { mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, settled } from '@smart-router/scheduling/testing';
import { RecordingLogger } from '@smart-router/logging/testing';
import { StaticPodSource } from './static-pod-source';

const POLL_MS = 1_000;

describe('StaticPodSource with a file', () => {
  let folder: string;
  let file: string;
  let clock: ManualClock;
  let logger: RecordingLogger;
  let stopping: AbortController;
  let observing: Promise<void>;
  let hints: number;
  let rejections: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'static-pods-'));
    file = join(folder, 'pods');
    clock = new ManualClock();
    logger = new RecordingLogger();
    stopping = new AbortController();
    hints = 0;
    rejections = 0;
  });

  afterEach(async () => {
    stopping.abort();
    await observing;
    await rm(folder, { recursive: true });
  });

  function observe(names: string[] = []): StaticPodSource {
    const source = new StaticPodSource({
      names,
      file,
      filePollMs: POLL_MS,
      clock,
      logger,
      onRejected: () => rejections++,
    });
    observing = source.observe(() => hints++, stopping.signal);
    return source;
  }

  /** One look at the file: the observer sleeps again when it has read it. */
  async function poll(): Promise<void> {
    await clock.advance(POLL_MS);
    while (clock.sleeping === 0) await settled();
  }

  async function names(source: StaticPodSource): Promise<string[]> {
    return (await source.list()).map(({ podName }) => podName);
  }

  it('returns the names of both when there are names and a file', async () => {
    await writeFile(file, 'pod-2\npod-1\n');
    expect(await names(observe(['pod-1']))).toEqual(['pod-1', 'pod-2']);
  });

  it('returns the new names and reports it when the file has changed', async () => {
    await writeFile(file, 'pod-1\n');
    const source = observe();
    await source.list();
    await writeFile(file, 'pod-1\npod-2\n');
    await poll();
    await poll();
    expect(await names(source)).toEqual(['pod-1', 'pod-2']);
    expect(hints).toBe(1);
  });

  it('reports nothing when the file stays as it is', async () => {
    await writeFile(file, 'pod-1\n');
    await observe().list();
    for (let i = 0; i < 4; i++) await poll();
    expect(hints).toBe(0);
  });

  it('ignores a content that is there for a moment only', async () => {
    await writeFile(file, 'pod-1\npod-2\n');
    const source = observe();
    await source.list();
    await writeFile(file, 'pod-');
    await poll();
    await writeFile(file, 'pod-1\npod-2\npod-3\n');
    await poll();
    expect(await names(source)).toEqual(['pod-1', 'pod-2']);
    await poll();
    expect(await names(source)).toEqual(['pod-1', 'pod-2', 'pod-3']);
  });

  it('follows the path when another file takes the place of the old one', async () => {
    await writeFile(file, 'pod-1\n');
    const source = observe();
    await source.list();
    await writeFile(`${file}.new`, 'pod-2\n');
    await rename(`${file}.new`, file);
    await poll();
    await poll();
    expect(await names(source)).toEqual(['pod-2']);
  });

  it('follows the path when a link on the way points elsewhere', async () => {
    await writeFile(join(folder, 'v1'), 'pod-1\n');
    await writeFile(join(folder, 'v2'), 'pod-2\n');
    await symlink('v1', file);
    const source = observe();
    expect(await names(source)).toEqual(['pod-1']);
    await symlink('v2', `${file}.new`);
    await rename(`${file}.new`, file);
    await poll();
    await poll();
    expect(await names(source)).toEqual(['pod-2']);
  });

  it('keeps the last names when the file is gone, and continues when it is back', async () => {
    await writeFile(file, 'pod-1\n');
    const source = observe();
    await source.list();
    await unlink(file);
    for (let i = 0; i < 3; i++) await poll();
    expect(await names(source)).toEqual(['pod-1']);
    expect(logger.messages('warn')).toEqual(['file of static pods is not readable, the last names stay']);
    await writeFile(file, 'pod-2\n');
    await poll();
    await poll();
    expect(await names(source)).toEqual(['pod-2']);
    expect(logger.messages('info')).toEqual(['file of static pods is readable again']);
  });

  it('throws when the file was never there, and returns its names when it has come', async () => {
    const source = observe(['pod-1']);
    await expect(source.list()).rejects.toMatchObject({ code: 'POD_SOURCE_UNAVAILABLE' });
    await writeFile(file, 'pod-2\n');
    await poll();
    await poll();
    expect(hints).toBe(1);
    expect(await names(source)).toEqual(['pod-1', 'pod-2']);
  });

  it('keeps the last names when a line is no name of a pod, reports it once, and follows the file when it is right', async () => {
    await writeFile(file, 'pod-1\npod-2\n');
    const source = observe();
    await source.list();
    await writeFile(file, 'pod-1,pod-2,pod-3\n');
    for (let i = 0; i < 4; i++) await poll();
    expect(await names(source)).toEqual(['pod-1', 'pod-2']);
    expect(source.problem()).toBe(`${file}: one line is no name of a pod`);
    expect([rejections, hints]).toEqual([1, 0]);
    expect(logger.lines).toEqual([
      {
        level: 'warn',
        message: 'file of static pods is not valid, the last names stay',
        fields: { file, reason: 'one line is no name of a pod', invalid: ['pod-1,pod-2,pod-3'] },
      },
    ]);
    await writeFile(file, 'pod-1\npod-3\n');
    for (let i = 0; i < 2; i++) await poll();
    expect(await names(source)).toEqual(['pod-1', 'pod-3']);
    expect(source.problem()).toBeNull();
  });

  it('counts the same mistake again when it was put right meanwhile', async () => {
    await writeFile(file, 'pod-1\n');
    const source = observe();
    await source.list();
    for (const text of ['pod 1\n', 'pod-1\n', 'pod 1\n']) {
      await writeFile(file, text);
      for (let i = 0; i < 2; i++) await poll();
      expect(source.problem() === null).toBe(text === 'pod-1\n');
    }
    expect(rejections).toBe(2);
  });

  it('takes names over that stand there twice, with one warning', async () => {
    await writeFile(file, 'pod-1\n');
    const source = observe();
    await source.list();
    await writeFile(file, 'pod-1\npod-3\npod-3\n');
    for (let i = 0; i < 4; i++) await poll();
    expect(await names(source)).toEqual(['pod-1', 'pod-3']);
    expect(logger.messages('warn')).toEqual(['file of static pods names pods twice']);
  });

  it('is unavailable when the first content is not valid, and follows the file when it is right', async () => {
    await writeFile(file, 'pod 1\n');
    const source = observe();
    await expect(source.list()).rejects.toMatchObject({ code: 'POD_SOURCE_UNAVAILABLE' });
    await expect(source.list()).rejects.toThrow('one line is no name of a pod');
    expect(rejections).toBe(1);
    await writeFile(file, 'pod-1\n');
    for (let i = 0; i < 2; i++) await poll();
    expect(await names(source)).toEqual(['pod-1']);
  });

  it('says that the file is not readable as long as it is not', async () => {
    await writeFile(file, 'pod-1\n');
    const source = observe();
    await source.list();
    await unlink(file);
    await poll();
    expect(source.problem()).toBe(`${file}: it is not readable`);
    await writeFile(file, 'pod-1\n');
    await poll();
    expect(source.problem()).toBeNull();
  });

  it('returns no pods when the file says by a comment that there are none', async () => {
    await writeFile(file, 'pod-1\n');
    const source = observe();
    await source.list();
    await writeFile(file, '# none\n');
    for (let i = 0; i < 2; i++) await poll();
    expect(await names(source)).toEqual([]);
    expect(logger.messages('error')).toEqual([]);
  });

  it('believes an empty file without a comment only when it stays empty', async () => {
    await writeFile(file, 'pod-1\n');
    const source = observe();
    await source.list();
    await writeFile(file, '\n');
    for (let i = 0; i < 5; i++) await poll();
    expect(await names(source)).toEqual(['pod-1']);
    expect(source.problem()).toMatch('if it stays so for 5 s, all pods are removed');
    expect(logger.messages('warn')).toEqual([
      expect.stringMatching(/within 5 s, all pods are removed and their calls end$/),
    ]);
    await poll();
    expect(await names(source)).toEqual([]);
    expect(logger.messages('error')).toEqual([expect.stringMatching(/all pods are removed and their calls end$/)]);
    expect([rejections, hints, source.problem()]).toEqual([1, 1, null]);
  });

  it('is unavailable when the file is empty from the start, until it stays so', async () => {
    await writeFile(file, '');
    const source = observe();
    await expect(source.list()).rejects.toThrow('names no pod');
    for (let i = 0; i < 6; i++) await poll();
    expect(await names(source)).toEqual([]);
  });
});
