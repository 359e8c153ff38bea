import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectKubernetes, type KubernetesConnection } from '@smart-router/kubernetes';
import { type KubernetesSimulator, startKubernetesSimulator } from '@smart-router/kubernetes-simulator';
import { systemClock } from '@smart-router/scheduling';
import { waitFor } from '@smart-router/test-processes';
import type { LeaseRecord } from '../domain/lease-record';
import { describeLeaseRecordsContract } from '../testing/lease-records-contract';
import { KubernetesLeaseRecords } from './kubernetes-lease-records';

const NAME = 'smart-router-leader';
/** All that the product may do. */
const RULES = [{ resources: ['leases'], verbs: ['get', 'create', 'update'] as const }];
const RECORD: LeaseRecord = {
  holderIdentity: 'me',
  leaseDurationSeconds: 15,
  acquireTime: '2026-11-21T10:00:00.123Z',
  renewTime: '2026-11-21T10:00:02.000Z',
  leaseTransitions: 3,
};
const never = new AbortController().signal;

let simulator: KubernetesSimulator;
let connection: KubernetesConnection;
let folder: string;

beforeAll(async () => {
  simulator = await startKubernetesSimulator({ users: [{ name: 'router', rules: RULES }] });
  folder = await mkdtemp(join(tmpdir(), 'smart-router-lease-'));
  const kubeconfig = join(folder, 'config');
  await writeFile(kubeconfig, simulator.kubeconfig('router'));
  connection = connectKubernetes({ kubeconfig, inCluster: null }, systemClock);
  // The first call loads the client library, which takes longer than a call may on a busy machine.
  await waitFor(
    () =>
      open()
        .read(never)
        .then(() => true),
    { timeoutMs: 60_000, description: 'the first answer' },
  );
}, 60_000);

afterAll(async () => {
  connection.close();
  await simulator.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => simulator.faults.clear());
afterEach(async () => {
  if (await simulator.leases.find(NAME)) await simulator.leases.delete(NAME);
});

const open = () => new KubernetesLeaseRecords({ api: connection.api, namespace: simulator.namespace, name: NAME });

describeLeaseRecordsContract('Kubernetes', async () => ({
  records: open(),
  others: open(),
  remove: () => simulator.leases.delete(NAME),
  close: async () => undefined,
}));

describe('KubernetesLeaseRecords', () => {
  it('writes the fields of a Lease as every client of Kubernetes reads them', async () => {
    await open().create(RECORD, never);
    expect((await simulator.leases.get(NAME)).spec).toEqual({
      holderIdentity: 'me',
      leaseDurationSeconds: 15,
      acquireTime: '2026-11-21T10:00:00.123000Z',
      renewTime: '2026-11-21T10:00:02.000000Z',
      leaseTransitions: 3,
    });
  });

  it('leaves alone what is not part of the record', async () => {
    await simulator.leases.create(NAME, { holderIdentity: 'other', strategy: 'OldestEmulationVersion' });
    const records = open();
    const lease = await records.read(never);
    await records.update(RECORD, lease?.version ?? '', never);
    expect((await simulator.leases.get(NAME)).spec).toMatchObject({
      holderIdentity: 'me',
      strategy: 'OldestEmulationVersion',
    });
  });

  it.each([
    ['empty', {}],
    ['without times', { holderIdentity: 'other', leaseDurationSeconds: 15, acquireTime: null, renewTime: null }],
    ['that changed hands as often as can be counted', { holderIdentity: 'other', leaseTransitions: 2 ** 31 - 1 }],
  ])('takes a lease over that is %s', async (_, spec) => {
    await simulator.leases.create(NAME, spec);
    const records = open();
    const lease = await records.read(never);
    const leaseTransitions = (lease?.record.leaseTransitions ?? 0) + 1;
    const outcome = await records.update({ ...RECORD, leaseTransitions }, lease?.version ?? '', never);
    expect(outcome.kind).toBe('written');
    expect((await simulator.leases.get(NAME)).spec.holderIdentity).toBe('me');
  });

  it.each([403, 429, 500])('fails, and says so, when the API answers %d', async (status) => {
    simulator.faults.next({ resource: 'leases' }, { kind: 'status', status });
    await expect(open().read(never)).rejects.toMatchObject({ code: 'KUBERNETES_API_ERROR', status });
  });

  it('fails when the connection breaks', async () => {
    simulator.faults.next({ resource: 'leases' }, { kind: 'reset' });
    await expect(open().read(never)).rejects.toMatchObject({ code: 'KUBERNETES_UNREACHABLE' });
  });

  it('ends a call that hangs when it is given up', async () => {
    simulator.faults.next({ resource: 'leases' }, { kind: 'hang' });
    await expect(open().read(AbortSignal.timeout(50))).rejects.toThrow();
  });
});
