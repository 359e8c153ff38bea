import { answerOf } from '@smart-router/api-client';
import { waitFor } from '@smart-router/testbed';
import type { Fleet } from './fleet';
import type { VoiceRouter } from './router/voice-router';

/** A pod waits for its calls, which may last. */
const POD_TIMEOUT_MS = 3_600_000;
const READY_TIMEOUT_MS = 120_000;

/** Replaces everything that has replicas, one process after the other. @param say takes lines for people */
export async function rollEverything(fleet: Fleet, router: VoiceRouter, say: (line: string) => void): Promise<void> {
  for (const process of [...fleet.apis, ...fleet.workers]) {
    say(`rolling ${process.name}`);
    await process.restart();
  }
  for (const { name } of [...fleet.agents].reverse()) {
    say(`rolling ${name}: it drains, and ends with its last call`);
    await replacePod(fleet, name);
  }
  say('rolling the voice router');
  await router.roll();
  say('everything was replaced');
}

/** Deletes the pod and waits until another one of its name takes calls. */
async function replacePod({ api, cluster }: Fleet, name: string): Promise<void> {
  const uidOf = async () => (await cluster.list()).find(({ metadata }) => metadata.name === name)?.metadata.uid;
  const before = await uidOf();
  await cluster.delete(name);
  await waitFor(async () => (await uidOf()) !== before, { timeoutMs: POD_TIMEOUT_MS, description: `${name} to end` });
  const takesCalls = async (): Promise<boolean> => {
    const pod = await answerOf(api.GET('/api/v1/pod/{pod_name}', { params: { path: { pod_name: name } } }));
    return pod.ready && !pod.is_draining;
  };
  await waitFor(takesCalls, { timeoutMs: READY_TIMEOUT_MS, description: `${name} to take calls` });
}
