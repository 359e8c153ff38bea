import { waitFor } from '@smart-router/testbed';
import { allocate, componentStatusOf } from './calls';
import { KubernetesFleet, PATIENCE_MS } from './kubernetes-fleet';

const REPLICAS = 3;
/** The wait between two attempts grows up to 30 s. */
const RECOVERY_MS = 90_000;

describe('a process that starts while the API server of its cluster is away', () => {
  let fleet: KubernetesFleet;

  beforeAll(async () => {
    fleet = await KubernetesFleet.start({ replicas: REPLICAS });
    await Promise.all([...fleet.workers.values()].map((worker) => worker.kill()));
    await fleet.cluster.stopServing();
  });

  afterAll(() => fleet?.stop());

  it('serves calls, says what is missing, and leads when it is there', async () => {
    const late = await fleet.startRouter('late');
    const start = (): Promise<string[]> =>
      Promise.all(
        ['http', 'kubernetes', 'leader_work'].map(async (name) => `${name} ${await componentStatusOf(late, name)}`),
      );
    const without = await start();
    const podName = await allocate(late, 'meanwhile');
    await fleet.cluster.startServing();
    await waitFor(async () => (await late.api.status()).body.is_leader, {
      timeoutMs: RECOVERY_MS,
      description: 'it to lead',
    });
    await fleet.agents.scale(REPLICAS + 1);
    await fleet.hasPods(REPLICAS + 1, REPLICAS);

    expect(without).toEqual(['http SUCCESS', 'kubernetes DEGRADED', 'leader_work BLOCKED']);
    expect(podName).toMatch(/^voice-agent-\d$/);
    await waitFor(async () => (await start()).every((one) => one.endsWith('SUCCESS')), {
      timeoutMs: PATIENCE_MS,
      description: 'all components to have started',
    });
  });
});
