import { type KubernetesSimulator, startKubernetesSimulator } from '@smart-router/kubernetes-simulator';
import { describeKubernetesLease, LEASE_NAME, LEASE_RECORD, LEASE_USERS } from '../testing/kubernetes-lease-behaviour';

let simulator: KubernetesSimulator;
const open = describeKubernetesLease('the simulator', async () => {
  simulator = await startKubernetesSimulator({ users: LEASE_USERS });
  return simulator;
});

it('leaves fields of the spec alone that only newer servers know', async () => {
  const { signal } = new AbortController();
  await simulator.leases.create(LEASE_NAME, { holderIdentity: 'other', strategy: 'OldestEmulationVersion' });
  const records = open();
  const lease = await records.read(signal);
  await records.update(LEASE_RECORD, lease?.version ?? '', signal);
  const { spec } = await simulator.leases.get(LEASE_NAME);
  expect(spec).toMatchObject({ holderIdentity: 'me', strategy: 'OldestEmulationVersion' });
});
