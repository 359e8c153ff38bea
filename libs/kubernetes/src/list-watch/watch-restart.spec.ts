import { settled } from '@smart-router/scheduling/testing';
import { ListWatchFixture, SILENCE_MS } from '../testing/list-watch-fixture';
import { sampleList, sampleObject } from '../testing/sample-objects';

describe('watching again', () => {
  it('continues from the last version when the connection breaks', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching();
    await fixture.event('ADDED', sampleObject('pod-1', 11));
    fixture.transport.last.body.fail(new Error('ECONNRESET'));
    await fixture.clock.advance(1_000);
    expect(fixture.asked).toEqual(['list', 'watch 10', 'watch 11']);
    expect(fixture.observed).toEqual(['unreachable']);
  });

  it('continues from the last bookmark', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching();
    await fixture.event('BOOKMARK', { metadata: { resourceVersion: '40' } });
    fixture.transport.last.body.fail(new Error('ECONNRESET'));
    await fixture.clock.advance(1_000);
    expect(fixture.asked.at(-1)).toBe('watch 40');
  });

  it('continues at once when the server closes a watch that was long open', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching();
    await fixture.clock.advance(60_000);
    fixture.transport.last.body.end();
    await settled();
    expect(fixture.asked).toEqual(['list', 'watch 10', 'watch 10']);
    expect(fixture.observed).toEqual(['closed']);
  });

  it('makes no hot loop when the server closes every watch at once', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching();
    for (let second = 0; second < 60; second++) {
      if (fixture.transport.last.query.has('watch')) {
        fixture.transport.last.answer();
        fixture.transport.last.body.end();
      }
      await fixture.clock.advance(1_000);
    }
    // After waits of 0.5, 1, 2, 4, 8, 15 and 15 s.
    expect(fixture.asked.filter((call) => call.startsWith('watch'))).toHaveLength(8);
  });

  it.each([500, 503, 429])('tries the same version again with a growing back-off after %d', async (status) => {
    const fixture = new ListWatchFixture();
    await fixture.run();
    await fixture.reply(sampleList(10, []));
    await fixture.reply({}, status);
    await fixture.clock.advance(499);
    expect(fixture.asked).toHaveLength(2);
    await fixture.clock.advance(1);
    await fixture.reply({}, status);
    await fixture.clock.advance(999);
    expect(fixture.asked).toHaveLength(3);
    await fixture.clock.advance(1);
    expect(fixture.asked).toEqual(['list', 'watch 10', 'watch 10', 'watch 10']);
    expect(fixture.observed).toEqual(['refused', 'refused']);
  });

  it('never waits longer than 30 s, and never gives up', async () => {
    const fixture = new ListWatchFixture();
    fixture.random = 0.999;
    await fixture.run();
    for (let tries = 1; tries <= 30; tries++) {
      await fixture.reply({}, 500);
      for (let second = 0; second < 30 && fixture.asked.length === tries; second++) await fixture.clock.advance(1_000);
      expect(fixture.asked).toHaveLength(tries + 1);
    }
  });

  it('waits as long as the server asks', async () => {
    const fixture = new ListWatchFixture();
    await fixture.run();
    await fixture.reply(sampleList(10, []));
    await fixture.reply({}, 429, '5');
    await fixture.clock.advance(4_999);
    expect(fixture.asked).toHaveLength(2);
    await fixture.clock.advance(1_000);
    expect(fixture.asked).toEqual(['list', 'watch 10', 'watch 10']);
  });

  it('lists again when the version is gone, said by HTTP', async () => {
    const fixture = new ListWatchFixture();
    await fixture.run();
    await fixture.reply(sampleList(10, [sampleObject('pod-1', 7), sampleObject('pod-2', 8)]));
    await fixture.reply({ code: 410, reason: 'Expired' }, 410);
    await fixture.clock.advance(1_000);
    await fixture.reply(sampleList(90, [sampleObject('pod-2', 80)]));
    expect(fixture.asked).toEqual(['list', 'watch 10', 'list', 'watch 90']);
    expect(fixture.knows).toEqual(['pod-2 red']);
    expect(fixture.changes).toEqual(['any', 'any']);
  });

  it('lists again when the version is gone, said in a stream that stays open', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching();
    const { signal } = fixture.transport.last;
    await fixture.event('ERROR', { kind: 'Status', code: 410, reason: 'Expired' });
    expect(signal.aborted).toBe(true);
    await fixture.clock.advance(1_000);
    expect(fixture.asked).toEqual(['list', 'watch 10', 'list']);
    expect(fixture.observed).toEqual(['expired']);
  });

  it('watches again when nothing comes for too long', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching();
    await fixture.clock.advance(SILENCE_MS - 1_000);
    await fixture.event('BOOKMARK', { metadata: { resourceVersion: '20' } });
    await fixture.clock.advance(SILENCE_MS - 1);
    expect(fixture.asked).toHaveLength(2);
    const { signal } = fixture.transport.last;
    await fixture.clock.advance(1_000);
    expect(signal.aborted).toBe(true);
    expect(fixture.asked).toEqual(['list', 'watch 10', 'watch 20']);
    expect(fixture.observed).toEqual(['silent']);
  });

  it.each([
    ['garbage', '<html>\n'],
    ['an event of an unknown type', '{"type":"RENAMED","object":{}}\n'],
    ['a line that is too long', `${'x'.repeat(2000)}\n`],
    ['a line that never ends', 'x'.repeat(2000)],
  ])('lists again after %s, since it may have been a change', async (_, text) => {
    const fixture = new ListWatchFixture();
    await fixture.watching();
    fixture.transport.last.body.send(text);
    await settled();
    await fixture.clock.advance(1_000);
    expect(fixture.asked).toEqual(['list', 'watch 10', 'list']);
    expect(fixture.observed).toEqual(['unreadable', 'malformed']);
  });

  it.each(['ADDED', 'DELETED'])('lists again after an event that is out of order: %s', async (type) => {
    const fixture = new ListWatchFixture();
    await fixture.watching(10, sampleObject('pod-1', 7));
    await fixture.event('MODIFIED', sampleObject('pod-1', 12));
    await fixture.event(type, sampleObject('pod-1', 11));
    expect(fixture.knows).toEqual(['pod-1 red']);
    await fixture.clock.advance(1_000);
    expect(fixture.asked).toEqual(['list', 'watch 10', 'list']);
    expect(fixture.observed).toEqual(['unreadable', 'malformed']);
  });

  it('compares versions as numbers, and lets what came last count where they are none', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching(9);
    await fixture.event('ADDED', sampleObject('pod-1', 10));
    await fixture.event('ADDED', sampleObject('pod-2', 'x'));
    await fixture.event('MODIFIED', sampleObject('pod-2', 'w', 'pod-2-1', 'blue'));
    expect(fixture.knows).toEqual(['pod-1 red', 'pod-2 blue']);
    expect(fixture.asked).toEqual(['list', 'watch 9']);
  });

  it('takes the list of a server whose versions began anew', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching(1_000, sampleObject('pod-1', 900));
    await fixture.event('ERROR', { code: 410 });
    await fixture.clock.advance(1_000);
    await fixture.reply(sampleList(5, [sampleObject('pod-2', 3)]));
    fixture.transport.last.answer();
    await fixture.event('ADDED', sampleObject('pod-3', 6));
    expect(fixture.knows).toEqual(['pod-2 red', 'pod-3 red']);
  });

  it('lists again after half a line', async () => {
    const fixture = new ListWatchFixture();
    await fixture.watching();
    fixture.transport.last.body.send('{"type":"ADDED","obj');
    fixture.transport.last.body.end();
    await settled();
    await fixture.clock.advance(1_000);
    expect(fixture.asked).toEqual(['list', 'watch 10', 'list']);
  });
});
