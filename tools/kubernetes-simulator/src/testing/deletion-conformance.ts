import { type ConformanceContext, podBody } from './conformance-context';

export function describeDeletion(here: () => ConformanceContext): void {
  describe('deletion', () => {
    const remove = (name: string, body?: object) => here().client.send('DELETE', `${here().pods}/${name}`, { body });

    it('marks a bound pod with the end of its grace period, and keeps it', async () => {
      const { client, pods } = here();
      await client.send('POST', pods, { body: podBody('a') });

      const { status, body } = await remove('a', { gracePeriodSeconds: 600 });

      expect(status).toBe(200);
      expect(body.metadata.deletionGracePeriodSeconds).toBe(600);
      const secondsLeft = (Date.parse(body.metadata.deletionTimestamp as string) - Date.now()) / 1000;
      expect(secondsLeft).toBeGreaterThan(500);
      expect((await client.get(`${pods}/a`)).body.metadata.deletionTimestamp).toBe(body.metadata.deletionTimestamp);
    });

    it('takes the grace period of the pod when the request names none', async () => {
      const { client, pods } = here();
      await client.send('POST', pods, { body: podBody('a') });

      expect((await remove('a')).body.metadata.deletionGracePeriodSeconds).toBe(30);
    });

    it('can only be made sooner by a second deletion', async () => {
      const { client, pods } = here();
      await client.send('POST', pods, { body: podBody('a') });
      await remove('a', { gracePeriodSeconds: 600 });

      const longer = await remove('a', { gracePeriodSeconds: 900 });
      const unnamed = await remove('a');
      const shorter = await remove('a', { gracePeriodSeconds: 300 });

      const seconds = [longer, unnamed, shorter].map(({ body }) => body.metadata.deletionGracePeriodSeconds);
      expect(seconds).toEqual([600, 600, 300]);
    });

    it('removes a pod at once when forced, and a watch sees the mark first', async () => {
      const { client, pods } = here();
      const { body: pod } = await client.send('POST', pods, { body: podBody('a') });
      const watch = await client.watch(`${pods}?resourceVersion=${pod.metadata.resourceVersion}`);

      const { status } = await remove('a', { gracePeriodSeconds: 0 });
      const [marked, gone] = [await watch.next(), await watch.next()];

      expect(status).toBe(200);
      expect([marked.type, gone.type]).toEqual(['MODIFIED', 'DELETED']);
      expect(marked.object.metadata.deletionGracePeriodSeconds).toBe(0);
      expect(Number(gone.object.metadata.resourceVersion)).toBeGreaterThan(
        Number(marked.object.metadata.resourceVersion),
      );
      expect((await client.get(`${pods}/a`)).status).toBe(404);
    });

    it('removes a pod at once when it was never bound to a node', async () => {
      const { client, pods } = here();
      const spec = { containers: [{ name: 'c', image: 'i' }] };
      await client.send('POST', pods, { body: { metadata: { name: 'a' }, spec } });

      const { body } = await remove('a');

      expect(body.metadata.name).toBe('a');
      expect((await client.get(`${pods}/a`)).status).toBe(404);
    });

    it('removes a pod at once when it has ended', async () => {
      const { client, pods, namespace } = here();
      await client.send('POST', pods, { body: podBody('a') });
      await namespace.pods.setPhase('a', 'Succeeded');

      await remove('a');

      expect((await client.get(`${pods}/a`)).status).toBe(404);
    });

    it('answers 409 when the uid of the precondition is of an earlier incarnation', async () => {
      const { client, pods } = here();
      await client.send('POST', pods, { body: podBody('a') });

      const { status, body } = await remove('a', { preconditions: { uid: 'other' } });

      expect(status).toBe(409);
      expect(body.message).toContain('the UID in the precondition (other) does not match the UID in record');
    });

    it('answers 404 when there is nothing to delete', async () => {
      expect((await remove('nobody')).status).toBe(404);
    });

    it('gives a pod of the same name a new uid', async () => {
      const { namespace } = here();
      const before = await namespace.pods.createReady('a');

      const after = await namespace.pods.replace('a');

      expect(after.metadata.uid).not.toBe(before.metadata.uid);
    });
  });
}
