import { startKubernetesSimulator } from './kubernetes-simulator';
import { type KubeApiserver, startKubeApiserver } from './targets/kube-apiserver';
import { READER, READER_RULES } from './testing/conformance-context';
import { type Answer, KubeconfigClient } from './testing/kubeconfig-client';

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
const users = [{ name: READER, rules: READER_RULES }];

async function throttledByRealServer(server: KubeApiserver): Promise<Answer> {
  const client = new KubeconfigClient(server.kubeconfig(READER));
  for (let round = 0; round < 20; round++) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.get(`${LEASES}/nobody`)));
    const throttled = answers.find(({ status }) => status === 429);
    if (throttled) return throttled;
  }
  throw new Error('the server was never too busy');
}

describe('429', () => {
  let server: KubeApiserver;

  beforeAll(async () => {
    const inFlight = ['--max-requests-inflight=1', '--max-mutating-requests-inflight=1'];
    server = await startKubeApiserver({ users, args: ['--feature-gates=APIPriorityAndFairness=false', ...inFlight] });
  }, 180_000);

  afterAll(() => server.stop(), 60_000);

  it('carries Retry-After on a real server that is too busy, and so does the one that is planned', async () => {
    const real = await throttledByRealServer(server);
    const simulator = await startKubernetesSimulator();
    simulator.faults.next({}, { kind: 'status', status: 429, retryAfterSeconds: 1 });

    const simulated = await new KubeconfigClient(simulator.kubeconfig()).get(`${LEASES}/nobody`);
    await simulator.stop();

    expect(real.headers['retry-after']).toBe('1');
    expect(simulated.headers['retry-after']).toBe('1');
    expect(simulated.status).toBe(real.status);
    expect(simulated.body).toEqual(real.body);
    expect(simulated.headers['content-type']).toBe(real.headers['content-type']);
  }, 60_000);
});
