import { performance } from 'node:perf_hooks';
import { waitFor } from '@smart-router/testbed';
import { KubernetesFleet } from './kubernetes-fleet';

const JOIN_LIMIT_MS = 120_000;

/** The clock starts when the last of the pods is ready in the cluster, and stops when `/status` counts them all. */
async function measure(pods: number): Promise<void> {
  const fleet = await KubernetesFleet.start({
    replicas: 1,
    env: { TIER_CONFIG: JSON.stringify({ standard: { type: 'exclusive', target: pods } }) },
  });
  try {
    const created = performance.now();
    await fleet.agents.scale(pods);
    const ready = performance.now();
    await waitFor(async () => (await fleet.api.api.status()).body.pools['standard']?.available === pods, {
      timeoutMs: JOIN_LIMIT_MS,
      description: `${pods} pods to be available`,
    });
    const seconds = (ms: number): string => (ms / 1000).toFixed(2);
    const end = performance.now();
    process.stdout.write(
      `${pods} pods: created one after the other within ${seconds(ready - created)} s, ` +
        `all available ${seconds(end - ready)} s after the last one was ready\n`,
    );
  } finally {
    await fleet.stop();
  }
}

await measure(Number(process.argv[2] ?? 1000));
