import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectKubernetes, type KubernetesConnection } from '@smart-router/kubernetes';
import type { FaultyTarget, TargetUser } from '@smart-router/kubernetes-simulator';
import { systemClock } from '@smart-router/scheduling';
import { waitFor } from '@smart-router/testbed';
import type { LeaseRecord } from '../domain/lease-record';
import { KubernetesResourceLock } from '../kubernetes/kubernetes-resource-lock';
import { describeResourceLockContract } from './resource-lock-contract';

export const LEASE_NAME = 'smart-router-leader';
const USER = 'router';
/** All that the product may do. */
export const LEASE_USERS: readonly TargetUser[] = [
  { name: USER, rules: [{ resources: ['leases'], verbs: ['get', 'create', 'update'] }] },
];
export const LEASE_RECORD: LeaseRecord = {
  holderIdentity: 'me',
  leaseDurationSeconds: 15,
  acquireTime: '2026-11-21T10:00:00.123Z',
  renewTime: '2026-11-21T10:00:02.000Z',
  leaseTransitions: 3,
};
const never = new AbortController().signal;

/**
 * What the Lease of an API server must do for the election.
 * @param start gives a target with `LEASE_USERS`, once
 * @returns opens a way to the lease, within a test
 */
export function describeKubernetesLease(
  name: string,
  start: () => Promise<FaultyTarget>,
): () => KubernetesResourceLock {
  let target: FaultyTarget;
  let connection: KubernetesConnection;
  let folder: string;

  beforeAll(async () => {
    target = await start();
    folder = await mkdtemp(join(tmpdir(), 'smart-router-lease-'));
    const kubeconfig = join(folder, 'config');
    await writeFile(kubeconfig, target.kubeconfig(USER));
    connection = connectKubernetes({ kubeconfig, inCluster: null }, systemClock);
    // The first call loads the client library, which takes longer than a call may on a busy machine.
    await waitFor(
      () =>
        open()
          .read(never)
          .then(() => true),
      { timeoutMs: 60_000, description: 'the first answer' },
    );
  }, 240_000);

  afterAll(async () => {
    connection.close();
    await target.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  beforeEach(() => target.faults.clear());
  afterEach(async () => {
    if (await target.leases.find(LEASE_NAME)) await target.leases.delete(LEASE_NAME);
  });

  const open = () => new KubernetesResourceLock({ api: connection.api, namespace: target.namespace, name: LEASE_NAME });

  describeResourceLockContract(name, async () => ({
    records: open(),
    others: open(),
    remove: () => target.leases.delete(LEASE_NAME),
    close: async () => undefined,
  }));

  describe(`KubernetesResourceLock on ${name}`, () => {
    it('writes the fields of a Lease as every client of Kubernetes reads them', async () => {
      await open().create(LEASE_RECORD, never);
      expect((await target.leases.get(LEASE_NAME)).spec).toEqual({
        holderIdentity: 'me',
        leaseDurationSeconds: 15,
        acquireTime: '2026-11-21T10:00:00.123000Z',
        renewTime: '2026-11-21T10:00:02.000000Z',
        leaseTransitions: 3,
      });
    });

    it('leaves alone what others wrote on the object', async () => {
      const { namespace } = target;
      const labels = { team: 'telephony' };
      const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
      await target.api.request('POST', path, { metadata: { name: LEASE_NAME, labels }, spec: {} });
      const records = open();
      const lease = await records.read(never);
      await records.update(LEASE_RECORD, lease?.version ?? '', never);
      const { metadata, spec } = await target.leases.get(LEASE_NAME);
      expect(metadata.labels).toEqual(labels);
      expect(spec.holderIdentity).toBe('me');
    });

    it.each([
      ['empty', {}],
      ['without times', { holderIdentity: 'other', leaseDurationSeconds: 15, acquireTime: null, renewTime: null }],
      ['that changed hands as often as can be counted', { holderIdentity: 'other', leaseTransitions: 2 ** 31 - 1 }],
    ])('takes a lease over that is %s', async (_, spec) => {
      await target.leases.create(LEASE_NAME, spec);
      const records = open();
      const lease = await records.read(never);
      const leaseTransitions = (lease?.record.leaseTransitions ?? 0) + 1;
      const outcome = await records.update({ ...LEASE_RECORD, leaseTransitions }, lease?.version ?? '', never);
      expect(outcome.kind).toBe('written');
      expect((await target.leases.get(LEASE_NAME)).spec.holderIdentity).toBe('me');
    });

    it.each([403, 429, 500])('fails, and says so, when the API answers %d', async (status) => {
      target.faults.next({ resource: 'leases' }, { kind: 'status', status });
      await expect(open().read(never)).rejects.toMatchObject({ code: 'KUBERNETES_API_ERROR', status });
    });

    it('fails with verb and resource when it is not permitted', async () => {
      await target.setRules(USER, []);
      const reading = open().read(never);
      await expect(reading).rejects.toThrow(`leases/${LEASE_NAME}: get is forbidden in namespace ${target.namespace}`);
      for (const { name: user, rules } of LEASE_USERS) await target.setRules(user, rules);
    });

    it('fails when the connection breaks', async () => {
      target.faults.next({ resource: 'leases' }, { kind: 'reset' });
      await expect(open().read(never)).rejects.toMatchObject({ code: 'KUBERNETES_UNREACHABLE' });
    });

    it('sees that its own write took effect when only the answer was lost', async () => {
      const records = open();
      target.faults.next({ resource: 'leases', verb: 'create' }, { kind: 'lost-reply' });
      await expect(records.create(LEASE_RECORD, never)).rejects.toMatchObject({ code: 'KUBERNETES_UNREACHABLE' });
      expect((await records.read(never))?.record).toEqual(LEASE_RECORD);
    });

    it('ends a call that hangs when it is given up', async () => {
      target.faults.next({ resource: 'leases' }, { kind: 'hang' });
      await expect(open().read(AbortSignal.timeout(50))).rejects.toThrow();
    });
  });

  return open;
}
