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
    await fixture.event('ADDED', sampleObject('pod-1', 7));
    await fixture.event('DELETED', sampleObject('pod-2', 9));
    expect(fixture.changes).toEqual(['any']);
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

describe('a list in between', () => {
  it('does not win over an event that is newer', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching(10, sampleObject('pod-1', 7));
    const watching = fixture.transport.last;
    const listing = fixture.watch.list(fixture.stopping.signal);
    watching.body.event('DELETED', sampleObject('pod-1', 12));
    await settled();
    await fixture.reply(sampleList(11, [sampleObject('pod-1', 7), sampleObject('pod-2', 11)]));
    expect(await listing).toEqual(['pod-2 red']);
  });

  it('fails instead of naming no objects', async () => {
    const fixture = new ListWatchFixture();
    const listing = fixture.watch.list(fixture.stopping.signal).catch((error: unknown) => error);
    await fixture.reply({ reason: 'Forbidden' }, 403);
    expect(await listing).toMatchObject({ status: 403 });
  });

  it('does not ask a server that has asked to wait', async () => {
    const fixture = new ListWatchFixture();
    const list = () => fixture.watch.list(fixture.stopping.signal).catch((error: unknown) => error);
    const first = list();
    await fixture.reply({}, 429, '5');
    const error = await first;
    await fixture.clock.advance(4_999);
    expect(await list()).toBe(error);
    expect(fixture.asked).toHaveLength(1);
    await fixture.clock.advance(1);
    void list();
    expect(fixture.asked).toHaveLength(2);
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
