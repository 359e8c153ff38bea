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

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'static-pods-'));
    file = join(folder, 'pods');
    clock = new ManualClock();
    logger = new RecordingLogger();
    stopping = new AbortController();
    hints = 0;
  });

  afterEach(async () => {
    stopping.abort();
    await observing;
    await rm(folder, { recursive: true });
  });

  function observe(names: string[] = []): StaticPodSource {
    const source = new StaticPodSource({ names, file, filePollMs: POLL_MS, clock, logger });
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

  it('returns the new names and tells of it when the file has changed', async () => {
    await writeFile(file, 'pod-1\n');
    const source = observe();
    await source.list();
    await writeFile(file, 'pod-1\npod-2\n');
    await poll();
    await poll();
    expect(await names(source)).toEqual(['pod-1', 'pod-2']);
    expect(hints).toBe(1);
  });

  it('tells nothing when the file stays as it is', async () => {
    await writeFile(file, 'pod-1\n');
    await observe().list();
    for (let i = 0; i < 4; i++) await poll();
    expect(hints).toBe(0);
  });

  it('passes over a content that is there for a moment only', async () => {
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

  it('keeps the last names when the file is gone, and goes on when it is back', async () => {
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

  it('leaves out lines that are no names of pods, with one warning', async () => {
    await writeFile(file, 'pod-1\n');
    const source = observe();
    await source.list();
    await writeFile(file, 'pod-1\npod two\npod-3\npod-3\n');
    for (let i = 0; i < 4; i++) await poll();
    expect(await names(source)).toEqual(['pod-1', 'pod-3']);
    expect(logger.lines).toEqual([
      {
        level: 'warn',
        message: 'lines of the file of static pods skipped',
        fields: { file, invalid: ['pod two'], duplicates: ['pod-3'] },
      },
    ]);
  });

  it('returns no pods when the file is empty', async () => {
    await writeFile(file, '# none\n');
    expect(await observe().list()).toEqual([]);
  });
});
