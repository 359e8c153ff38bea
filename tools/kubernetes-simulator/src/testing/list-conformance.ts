import { type ConformanceContext, podBody } from './conformance-context';
import type { Answer } from './kubeconfig-client';

const namesOf = ({ body }: Answer): string[] =>
  (body.items as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);

async function createPods({ client, pods }: ConformanceContext, ...names: readonly string[]): Promise<void> {
  for (const name of names) await client.send('POST', pods, { body: podBody(name) });
}

const nextPage = ({ body }: Answer, limit = 2): string =>
  `limit=${limit}&continue=${encodeURIComponent(body.metadata.continue as string)}`;

export function describeLists(here: () => ConformanceContext): void {
  describe('lists', () => {
    it('returns objects in the order of their names, without kind and apiVersion', async () => {
      const { client, pods } = here();
      await createPods(here(), 'b', 'a', 'a-10', 'a-2');

      const list = await client.get(pods);

      expect(list.body).toMatchObject({ kind: 'PodList', apiVersion: 'v1' });
      expect(namesOf(list)).toEqual(['a', 'a-10', 'a-2', 'b']);
      expect(Object.keys(list.body.items[0]).sort()).toEqual(['metadata', 'spec', 'status']);
    });

    it('selects by labels', async () => {
      const { client, pods } = here();
      await client.send('POST', pods, { body: podBody('a', { app: 'agent', env: 'test' }) });
      await client.send('POST', pods, { body: podBody('b', { app: 'other' }) });
      const byLabel = async (selector: string): Promise<string[]> =>
        namesOf(await client.get(`${pods}?labelSelector=${encodeURIComponent(selector)}`));

      expect(await byLabel('app=agent')).toEqual(['a']);
      expect(await byLabel('app!=agent')).toEqual(['b']);
      expect(await byLabel('env')).toEqual(['a']);
      expect(await byLabel('!env')).toEqual(['b']);
      expect(await byLabel('app in (agent, other),env=test')).toEqual(['a']);
      expect(await byLabel('app notin (agent)')).toEqual(['b']);
      expect(await byLabel('env!=test')).toEqual(['b']);
    });

    it('answers 400 when a selector cannot be read', async () => {
      const { client, pods } = here();

      expect((await client.get(`${pods}?labelSelector=a%20b%20c`)).status).toBe(400);
    });

    it('shows the state of the first page on all pages', async () => {
      const { client, pods } = here();
      await createPods(here(), 'a', 'b', 'c', 'd', 'e');

      const first = await client.get(`${pods}?limit=2`);
      await client.send('DELETE', `${pods}/c`, { body: { gracePeriodSeconds: 0 } });
      await createPods(here(), 'z');
      const second = await client.get(`${pods}?${nextPage(first)}`);
      const third = await client.get(`${pods}?${nextPage(second)}`);

      expect([first, second, third].map(namesOf)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
      expect([first, second, third].map(({ body }) => body.metadata.remainingItemCount)).toEqual([3, 1, undefined]);
      expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
      expect(third.body.metadata.continue).toBeUndefined();
    });

    it('gives no number of remaining items when it selects', async () => {
      const { client, pods } = here();
      await createPods(here(), 'a', 'b', 'c');

      const { body } = await client.get(`${pods}?limit=1&labelSelector=app%3Dagent`);

      expect(body.metadata.continue).toEqual(expect.any(String));
      expect(body.metadata.remainingItemCount).toBeUndefined();
    });

    it('ignores the limit when any revision will do', async () => {
      const { client, pods } = here();
      await createPods(here(), 'a', 'b', 'c');

      // The server answers from memory, which follows the writes at a small distance.
      const { body: newest } = await client.get(pods);
      await client.get(`${pods}?resourceVersion=${newest.metadata.resourceVersion}`);
      const list = await client.get(`${pods}?limit=1&resourceVersion=0`);

      // In no order: it comes from memory.
      expect(namesOf(list).sort()).toEqual(['a', 'b', 'c']);
      expect(list.body.metadata.continue).toBeUndefined();
    });

    it('answers 400 when a page is asked for at a revision', async () => {
      const { client, pods } = here();
      await createPods(here(), 'a', 'b', 'c');
      const first = await client.get(`${pods}?limit=1`);

      const answer = await client.get(`${pods}?${nextPage(first)}&resourceVersion=5`);

      expect(answer.status).toBe(400);
      expect(answer.body.message).toBe('specifying resource version is not allowed when using continue');
    });

    it('answers 410 with a token for the rest when the history of the first page is gone', async () => {
      const { client, pods, target } = here();
      await createPods(here(), 'a', 'b', 'c', 'd');
      const first = await client.get(`${pods}?limit=1`);
      await client.send('DELETE', `${pods}/b`, { body: { gracePeriodSeconds: 0 } });
      await target.compact();

      const expired = await client.get(`${pods}?${nextPage(first)}`);
      const rest = await client.get(`${pods}?${nextPage(expired)}`);

      expect(expired.status).toBe(410);
      expect(expired.body.reason).toBe('Expired');
      expect(expired.body.message).toContain('The provided continue parameter is too old');
      expect(namesOf(rest)).toEqual(['c', 'd']);
    }, 120_000);

    it('answers 504 with Retry-After when the revision lies in the future', async () => {
      const { client, pods } = here();

      const answer = await client.get(`${pods}?resourceVersion=99999999`);

      expect(answer.status).toBe(504);
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.body).toMatchObject({ reason: 'Timeout', details: { retryAfterSeconds: 1 } });
    });
  });
}
