import { MERGE_PATCH } from '../objects/merge-patch';
import { type ConformanceContext, podBody } from './conformance-context';

async function newestRevision({ client, pods }: ConformanceContext): Promise<string> {
  return (await client.get(pods)).body.metadata.resourceVersion as string;
}

async function setLabel({ client, pods }: ConformanceContext, name: string, value: string): Promise<void> {
  const body = { metadata: { labels: { app: value } } };
  await client.send('PATCH', `${pods}/${name}`, { contentType: MERGE_PATCH, body });
}

export function describeWatches(here: () => ConformanceContext): void {
  describe('watches', () => {
    it.each(['', '&resourceVersion=0'])('begins with all objects when asked with "%s"', async (query) => {
      const { client, pods } = here();
      await client.send('POST', pods, { body: podBody('a') });
      await client.send('POST', pods, { body: podBody('b') });
      await client.get(`${pods}?resourceVersion=${await newestRevision(here())}`);

      const watch = await client.watch(`${pods}?timeoutSeconds=20${query}`);

      expect((await watch.names(2)).sort()).toEqual(['ADDED a', 'ADDED b']);
    });

    it('sends what happened after the revision, and then what happens', async () => {
      const { client, pods } = here();
      const revision = await newestRevision(here());
      await client.send('POST', pods, { body: podBody('a') });

      const watch = await client.watch(`${pods}?resourceVersion=${revision}`);
      const first = await watch.names(1);
      await client.send('POST', pods, { body: podBody('b') });
      await setLabel(here(), 'b', 'other');

      expect([...first, ...(await watch.names(2))]).toEqual(['ADDED a', 'ADDED b', 'MODIFIED b']);
    });

    it('sends whole objects with kind and a revision that grows', async () => {
      const { client, pods } = here();
      const watch = await client.watch(`${pods}?resourceVersion=${await newestRevision(here())}`);
      await client.send('POST', pods, { body: podBody('a') });
      await setLabel(here(), 'a', 'other');

      const [added, modified] = [await watch.next(), await watch.next()];

      expect(added.object).toMatchObject({ kind: 'Pod', apiVersion: 'v1', spec: { nodeName: 'node-1' } });
      expect(Number(modified.object.metadata.resourceVersion)).toBeGreaterThan(
        Number(added.object.metadata.resourceVersion),
      );
    });

    it('calls an object that leaves the selection deleted, and one that comes into it added', async () => {
      const { client, pods } = here();
      await client.send('POST', pods, { body: podBody('a') });
      const revision = await newestRevision(here());
      const watch = await client.watch(`${pods}?resourceVersion=${revision}&labelSelector=app%3Dagent`);

      await setLabel(here(), 'a', 'other');
      await setLabel(here(), 'a', 'agent');
      const [left, came] = [await watch.next(), await watch.next()];

      expect([left.type, came.type]).toEqual(['DELETED', 'ADDED']);
      expect(left.object.metadata.labels).toEqual({ app: 'agent' });
      expect(Number(left.object.metadata.resourceVersion)).toBeGreaterThan(Number(revision));
    });

    it('ends when its time is over, with a bookmark before that', async () => {
      const { client, pods } = here();
      await client.send('POST', pods, { body: podBody('a') });
      const revision = await newestRevision(here());

      const query = `resourceVersion=${revision}&allowWatchBookmarks=true&timeoutSeconds=8`;
      const watch = await client.watch(`${pods}?${query}`);
      await client.send('POST', pods, { body: podBody('b') });
      await watch.ended();

      expect(watch.events.map(({ type }) => type).slice(0, 2)).toEqual(['ADDED', 'BOOKMARK']);
      const [added, bookmark] = watch.events;
      expect(bookmark?.object.kind).toBe('Pod');
      expect(Number(bookmark?.object.metadata.resourceVersion)).toBeGreaterThanOrEqual(
        Number(added?.object.metadata.resourceVersion),
      );
    });

    it('sends no bookmark when none was asked for', async () => {
      const { client, pods } = here();

      const watch = await client.watch(`${pods}?resourceVersion=${await newestRevision(here())}&timeoutSeconds=3`);
      await watch.ended();

      expect(watch.events).toEqual([]);
    });

    it('sends 410 inside of the stream and ends when the history is gone', async () => {
      const { client, pods, target } = here();
      const revision = await newestRevision(here());
      await client.send('POST', pods, { body: podBody('a') });
      await target.compact();

      const watch = await client.watch(`${pods}?resourceVersion=${revision}`);
      const event = await watch.next();
      await watch.ended();

      expect(event).toMatchObject({
        type: 'ERROR',
        object: { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 },
      });
      expect(event.object.message).toMatch(/^too old resource version: \d+ \(\d+\)$/);
    }, 120_000);

    it('answers 422 when the first list is to be streamed', async () => {
      const { client, pods } = here();
      const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1';

      const { status, body } = await client.get(`${pods}?${query}`);

      expect(status).toBe(422);
      expect(body.message).toContain('resourceVersionMatch is forbidden for watch');
    });

    it('breaks when the server stops, and continues from the last revision afterwards', async () => {
      const { client, pods, target } = here();
      await client.send('POST', pods, { body: podBody('a') });
      const watch = await client.watch(`${pods}?resourceVersion=${await newestRevision(here())}`);
      await client.send('POST', pods, { body: podBody('b') });
      const { object } = await watch.next();

      await target.stopServing();
      await watch.ended();
      await target.startServing();
      await client.send('POST', pods, { body: podBody('c') });
      const next = await client.watch(`${pods}?resourceVersion=${object.metadata.resourceVersion}`);

      const event = await next.next();
      expect([event.type, event.object.metadata?.name ?? event.object.reason].join(' ')).toMatch(
        /^(ADDED c|ERROR Expired)$/,
      );
    }, 120_000);
  });
}
