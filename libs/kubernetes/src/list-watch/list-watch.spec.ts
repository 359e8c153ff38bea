import { settled } from '@smart-router/scheduling/testing';
import { ListWatchFixture } from '../testing/list-watch-fixture';
import { sampleList, sampleObject } from '../testing/sample-objects';

describe('listing and watching', () => {
  it('watches from the version of the list on, with bookmarks and a time limit', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching(10, sampleObject('pod-1', 7));
    expect(fixture.asked).toEqual(['list', 'watch 10']);
    expect(fixture.knows).toEqual(['pod-1 red']);
    const [list, watch] = fixture.transport.calls;
    expect(Object.fromEntries(list?.query ?? [])).toEqual({ limit: '500', labelSelector: 'app=x' });
    expect(Object.fromEntries(watch?.query ?? [])).toMatchObject({
      allowWatchBookmarks: 'true',
      timeoutSeconds: '300',
      labelSelector: 'app=x',
    });
  });

  it('reports what has changed after it is known', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching(10, sampleObject('pod-1', 7));
    expect(fixture.changes).toEqual(['any']);
    await fixture.event('ADDED', sampleObject('pod-2', 11));
    await fixture.event('MODIFIED', sampleObject('pod-1', 12, 'pod-1-1', 'blue'));
    await fixture.event('DELETED', sampleObject('pod-2', 13));
    expect(fixture.changes).toEqual(['any', 'pod-2 present', 'pod-1 present', 'pod-2 gone']);
    expect(fixture.knows).toEqual(['pod-1 blue']);
  });

  it('reports nothing of an event that is no news', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching(10, sampleObject('pod-1', 7));
    await fixture.event('ADDED', sampleObject('pod-2', 11));
    await fixture.event('ADDED', sampleObject('pod-2', 11));
    await fixture.event('DELETED', sampleObject('pod-2', 12));
    await fixture.event('DELETED', sampleObject('pod-2', 12));
    await fixture.event('DELETED', sampleObject('pod-3', 13));
    expect(fixture.changes).toEqual(['any', 'pod-2 present', 'pod-2 gone']);
  });

  it('puts pages together before anything counts', async () => {
    const fixture = new ListWatchFixture();
    await fixture.run();
    await fixture.reply(sampleList(10, [sampleObject('pod-1', 7)], 'page-2'));
    expect(fixture.knows).toEqual([]);
    await fixture.reply(sampleList(10, [sampleObject('pod-2', 8)]));
    expect(fixture.asked).toEqual(['list', 'list page-2', 'watch 10']);
    expect(fixture.knows).toEqual(['pod-1 red', 'pod-2 red']);
  });

  it('lists from the first page again when a later one is gone', async () => {
    const fixture = new ListWatchFixture();
    await fixture.run();
    await fixture.reply(sampleList(10, [sampleObject('pod-1', 7)], 'page-2'));
    await fixture.reply({ code: 410, reason: 'Expired' }, 410);
    expect(fixture.knows).toEqual([]);
    await fixture.clock.advance(1_000);
    expect(fixture.asked).toEqual(['list', 'list page-2', 'list']);
  });

  it('concludes nothing from an answer that is no list', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching(10, sampleObject('pod-1', 7));
    await fixture.event('ERROR', { code: 410 });
    await fixture.clock.advance(1_000);
    await fixture.reply({ kind: 'Status', status: 'Success' });
    expect(fixture.knows).toEqual(['pod-1 red']);
    expect(fixture.observed).toEqual(['expired', 'malformed']);
  });

  it('leaves an object out that cannot be read, and counts it', async () => {
    const fixture = new ListWatchFixture();
    await fixture.run();
    await fixture.reply({ metadata: { resourceVersion: '10' }, items: [{ metadata: {} }, sampleObject('pod-1', 7)] });
    expect(fixture.knows).toEqual(['pod-1 red']);
    expect(fixture.observed).toEqual(['unreadable']);
  });
});

describe('the known objects', () => {
  const never = new AbortController().signal;

  it('are given without asking the server', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching(10, sampleObject('pod-1', 7));
    await fixture.event('ADDED', sampleObject('pod-2', 11));
    expect(await fixture.watch.list(never)).toEqual(['pod-1 red', 'pod-2 red']);
    expect(fixture.asked).toEqual(['list', 'watch 10']);
  });

  it('wait for the first list of the run, and ask for no other one', async () => {
    const fixture = new ListWatchFixture();
    await fixture.run();
    const listing = fixture.watch.list(never);
    await fixture.reply(sampleList(10, [sampleObject('pod-1', 7)]));
    expect(await listing).toEqual(['pod-1 red']);
    expect(fixture.asked).toEqual(['list', 'watch 10']);
    expect(fixture.changes).toEqual([]);
  });

  it('are not taken from a run before', async () => {
    const fixture = new ListWatchFixture();
    const { running } = await fixture.watching(10, sampleObject('pod-1', 7));
    fixture.stopping.abort();
    await running;
    await expect(fixture.watch.list(never)).rejects.toThrow('pods are not watched');
    void fixture.watch.run(() => undefined, never);
    const listing = fixture.watch.list(never);
    await fixture.reply(sampleList(20, [sampleObject('pod-2', 12)]));
    expect(await listing).toEqual(['pod-2 red']);
  });

  it('fail instead of being none, when they could not be listed', async () => {
    const fixture = new ListWatchFixture();
    await fixture.run();
    const listing = fixture.watch.list(never).catch((error: unknown) => error);
    await fixture.reply({ reason: 'Forbidden' }, 403);
    expect(await listing).toMatchObject({ status: 403 });
  });

  it('fail when whoever asks is stopped', async () => {
    const fixture = new ListWatchFixture();
    await fixture.run();
    const asking = new AbortController();
    const listing = fixture.watch.list(asking.signal).catch((error: unknown) => error);
    const reason = new Error('stop');
    asking.abort(reason);
    expect(await listing).toBe(reason);
  });
});

describe('a list that is asked for', () => {
  const isFresh = true;

  it('ends the watch, shows what that has missed, and is followed by a watch from its version', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching(10, sampleObject('pod-1', 7));
    const { signal } = fixture.transport.last;
    const listing = fixture.watch.list(fixture.stopping.signal, { isFresh });
    await settled();
    expect(signal.aborted).toBe(true);
    await fixture.reply(sampleList(20, [sampleObject('pod-2', 15)]));
    expect(await listing).toEqual(['pod-2 red']);
    expect(fixture.asked).toEqual(['list', 'watch 10', 'list', 'watch 20']);
    expect([fixture.changes, fixture.observed]).toEqual([['any'], []]);
  });

  it('comes at once during a back-off', async () => {
    const fixture = new ListWatchFixture();
    await fixture.run();
    await fixture.reply({}, 500);
    const listing = fixture.watch.list(fixture.stopping.signal);
    await settled();
    await fixture.reply(sampleList(10, [sampleObject('pod-1', 7)]));
    expect(await listing).toEqual(['pod-1 red']);
  });

  it('fails, and leaves what is known, when the server refuses', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching(10, sampleObject('pod-1', 7));
    const listing = fixture.watch.list(fixture.stopping.signal, { isFresh }).catch((error: unknown) => error);
    await settled();
    await fixture.reply({}, 500);
    expect(await listing).toMatchObject({ status: 500 });
    expect(fixture.knows).toEqual(['pod-1 red']);
  });

  it('leaves the watch where it was when it fails, and misses no event, without a wait', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching(10, sampleObject('pod-1', 7));
    await fixture.event('ADDED', sampleObject('pod-2', 11));
    const listing = fixture.watch.list(fixture.stopping.signal, { isFresh }).catch((error: unknown) => error);
    await settled();
    await fixture.reply({}, 500);
    await listing;
    expect(fixture.asked).toEqual(['list', 'watch 10', 'list', 'watch 11']);
    fixture.transport.last.answer();
    await fixture.event('DELETED', sampleObject('pod-2', 12));
    expect(fixture.changes.slice(1)).toEqual(['pod-2 present', 'pod-2 gone']);
  });

  it('is followed by a back-off when it fails and the watch, too', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching();
    const listing = fixture.watch.list(fixture.stopping.signal, { isFresh }).catch((error: unknown) => error);
    await settled();
    await fixture.reply({}, 500);
    await listing;
    await fixture.reply({}, 500);
    expect(fixture.asked).toEqual(['list', 'watch 10', 'list', 'watch 10']);
    await fixture.clock.advance(1_000);
    expect(fixture.asked).toHaveLength(5);
  });

  it('comes to everybody who still waits when another one waits no more', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching(10, sampleObject('pod-1', 7));
    const asking = new AbortController();
    const first = fixture.watch.list(asking.signal, { isFresh }).catch((error: unknown) => error);
    const second = fixture.watch.list(fixture.stopping.signal, { isFresh });
    await settled();
    asking.abort(new Error('stop'));
    expect(await first).toEqual(new Error('stop'));
    const third = fixture.watch.list(fixture.stopping.signal, { isFresh });
    await settled();
    await fixture.reply(sampleList(20, [sampleObject('pod-2', 15)]));
    expect([await second, await third]).toEqual([['pod-2 red'], ['pod-2 red']]);
  });

  it('does not come where the server has asked to wait', async () => {
    const fixture = new ListWatchFixture();
    await fixture.run();
    const list = () => fixture.watch.list(fixture.stopping.signal, { isFresh }).catch((error: unknown) => error);
    const first = list();
    await settled();
    await fixture.reply({}, 429, '5');
    const error = await first;
    await fixture.clock.advance(4_999);
    expect(await list()).toBe(error);
    expect(fixture.asked).toHaveLength(2);
    await fixture.clock.advance(1);
    void list();
    await settled();
    expect(fixture.asked).toHaveLength(3);
  });
});

describe('the end', () => {
  it('leaves nothing running', async () => {
    const fixture = new ListWatchFixture();
    const { running } = await fixture.watching();
    fixture.stopping.abort();
    await running;
    expect(fixture.transport.last.signal.aborted).toBe(true);
    expect(fixture.clock.sleeping).toBe(0);
    expect(fixture.observed).toEqual(['ended']);
  });

  it('comes during a back-off, too', async () => {
    const fixture = new ListWatchFixture();
    const { running } = await fixture.run();
    await fixture.reply({}, 500);
    fixture.stopping.abort();
    await running;
    expect(fixture.clock.sleeping).toBe(0);
    await fixture.clock.advance(60_000);
    expect(fixture.asked).toHaveLength(1);
  });

  it('does not come from a listener that throws', async () => {
    const fixture = new ListWatchFixture();
    void fixture.watch.run(() => {
      throw new Error('a mistake');
    }, fixture.stopping.signal);
    await settled();
    await fixture.reply(sampleList(10, [sampleObject('pod-1', 7)]));
    expect(fixture.asked).toEqual(['list', 'watch 10']);
    expect(fixture.logger.messages('error')).toEqual(['a listener of the watch failed']);
  });
});
