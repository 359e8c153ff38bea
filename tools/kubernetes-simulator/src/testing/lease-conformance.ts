import { MERGE_PATCH } from '../objects/merge-patch';
import type { ConformanceContext } from './conformance-context';

const TIME = '2026-01-01T00:00:00.123456Z';

export function describeLeases(here: () => ConformanceContext): void {
  describe('leases', () => {
    const create = (spec: object) =>
      here().client.send('POST', here().leases, { body: { metadata: { name: 'leader' }, spec } });
    const put = (body: unknown) => here().client.send('PUT', `${here().leases}/leader`, { body });

    it('keeps microseconds', async () => {
      const { body } = await create({ holderIdentity: 'a', leaseDurationSeconds: 15, renewTime: TIME });

      expect(body.spec).toEqual({ holderIdentity: 'a', leaseDurationSeconds: 15, renewTime: TIME });
    });

    it('lets exactly one of two writers of the same revision win', async () => {
      const { body: lease } = await create({ holderIdentity: 'a' });
      const held = (holderIdentity: string): object => ({ ...lease, spec: { holderIdentity } });

      const answers = await Promise.all([put(held('b')), put(held('c'))]);

      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      const lost = answers.find(({ status }) => status === 409);
      expect(lost?.body).toMatchObject({
        reason: 'Conflict',
        details: { name: 'leader', group: 'coordination.k8s.io', kind: 'leases' },
      });
      expect(lost?.body.message).toContain(
        'Operation cannot be fulfilled on leases.coordination.k8s.io "leader": the object has been modified',
      );
    });

    it('answers 422 when an update names no revision', async () => {
      await create({ holderIdentity: 'a' });

      const { status, body } = await put({ metadata: { name: 'leader' }, spec: { holderIdentity: 'b' } });

      expect(status).toBe(422);
      expect(body.message).toBe(
        'leases.coordination.k8s.io "leader" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be ' +
          'specified for an update',
      );
    });

    it('is created by an update, even with a revision, when it does not exist', async () => {
      const { status } = await put({
        metadata: { name: 'leader', resourceVersion: '5' },
        spec: { holderIdentity: 'b' },
      });

      expect(status).toBe(201);
    });

    it('answers 409 to an update with the uid of a lease that was deleted', async () => {
      const { client, leases } = here();
      const { body: lease } = await create({ holderIdentity: 'a' });
      await client.send('DELETE', `${leases}/leader`);

      const { status } = await put(lease);

      expect(status).toBe(409);
    });

    it.each([
      [{ leaseDurationSeconds: 0 }, 422],
      [{ leaseTransitions: -1 }, 422],
      [{ leaseDurationSeconds: 'x' }, 400],
      [{ renewTime: 'yesterday' }, 400],
      [{ renewTime: '2026-01-01T00:00:00.123Z' }, 400],
    ])('refuses %j with %d', async (spec, status) => {
      expect((await create(spec)).status).toBe(status);
    });

    it('loses its holder by a patch', async () => {
      const { client, leases } = here();
      await create({ holderIdentity: 'a', leaseDurationSeconds: 15 });

      const body = { spec: { holderIdentity: null } };
      const answer = await client.send('PATCH', `${leases}/leader`, { contentType: MERGE_PATCH, body });

      expect(answer.body.spec).toEqual({ leaseDurationSeconds: 15 });
    });

    it('answers a deletion with a Status that names the uid', async () => {
      const { client, leases } = here();
      const { body: lease } = await create({ holderIdentity: 'a' });

      const { status, body } = await client.send('DELETE', `${leases}/leader`);

      expect(status).toBe(200);
      expect(body).toMatchObject({ kind: 'Status', status: 'Success', details: { uid: lease.metadata.uid } });
    });
  });
}
