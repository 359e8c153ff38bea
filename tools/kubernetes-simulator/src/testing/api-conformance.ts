import type { KubernetesTarget } from '../targets/kubernetes-target';
import { describeAccess } from './access-conformance';
import type { ConformanceContext } from './conformance-context';
import { describeDeletion } from './deletion-conformance';
import { KubeconfigClient } from './kubeconfig-client';
import { describeLeases } from './lease-conformance';
import { describeLists } from './list-conformance';
import { describeObjects } from './object-conformance';
import { describeWatches } from './watch-conformance';

/**
 * What of the Kubernetes API the product and its tests rely on. The simulator and a real API server both run it, so
 * that a test on the simulator says something about a cluster.
 * @param start a target with the user `READER`
 */
export function describeApiConformance(name: string, start: () => Promise<KubernetesTarget>): void {
  describe(`the API of ${name}`, () => {
    let target: KubernetesTarget | null = null;
    let context: ConformanceContext | null = null;

    beforeAll(async () => {
      target = await start();
    }, 180_000);

    beforeEach(async () => {
      if (!target) throw new Error('the target did not start');
      const namespace = await target.createNamespace();
      context = {
        target,
        namespace,
        client: new KubeconfigClient(target.kubeconfig()),
        pods: `/api/v1/namespaces/${namespace.name}/pods`,
        leases: `/apis/coordination.k8s.io/v1/namespaces/${namespace.name}/leases`,
      };
    });

    afterEach(() => context?.client.close());
    afterAll(() => target?.stop(), 60_000);

    const here = (): ConformanceContext => {
      if (!context) throw new Error('only inside of a test');
      return context;
    };

    describeObjects(here);
    describeLists(here);
    describeWatches(here);
    describeDeletion(here);
    describeLeases(here);
    describeAccess(here);
  });
}
