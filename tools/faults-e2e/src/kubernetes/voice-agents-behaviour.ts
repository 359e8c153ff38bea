import { type Pod, waitFor } from '@smart-router/testbed';
import { allocate, isLive, podOf, release } from './calls';
import { KubernetesFleet, PATIENCE_MS, type StartCluster } from './kubernetes-fleet';

const REPLICAS = 4;

/** What becomes of pods and their calls when a StatefulSet is scaled, restarted, or loses a pod. */
export function describeVoiceAgents(name: string, startCluster: StartCluster): void {
  describe(`voice agents of a StatefulSet on ${name}`, () => {
    let fleet: KubernetesFleet;
    let calls: Map<string, string>;

    beforeAll(async () => {
      fleet = await KubernetesFleet.start({ replicas: REPLICAS, startCluster });
    }, 240_000);

    beforeEach(() => {
      calls = new Map();
    });

    afterEach(async () => {
      for (const callSid of calls.keys()) await release(fleet.api, callSid);
      await fleet.agents.scale(REPLICAS);
      await fleet.hasPods(REPLICAS);
    });

    afterAll(() => fleet?.stop());

    /** Gives every free pod a call. @returns the calls by the name of their pod */
    const fill = async (prefix: string): Promise<Map<string, string>> => {
      for (let index = 0; ; index++) {
        const podName = await allocate(fleet.api, `${prefix}-${index}`);
        if (podName === null) break;
        calls.set(`${prefix}-${index}`, podName);
      }
      return new Map([...calls].map(([callSid, podName]) => [podName, callSid]));
    };

    const pod = (name: string): Promise<Pod | null> => podOf(fleet.api, name);

    const becomes = (name: string, what: string, condition: (found: Pod | null) => boolean): Promise<unknown> =>
      waitFor(async () => condition(await pod(name)), { timeoutMs: PATIENCE_MS, description: `${name} to be ${what}` });

    const incarnationOf = async (name: string): Promise<string> => String((await fleet.pods.get(name)).metadata.uid);

    it('take calls when the set has been scaled up', async () => {
      await fill('before');
      await fleet.agents.scale(REPLICAS + 2);
      await fleet.hasPods(REPLICAS + 2, 2);

      const added = [await allocate(fleet.api, 'added-1'), await allocate(fleet.api, 'added-2')];
      calls.set('added-1', '').set('added-2', '');

      expect(added.sort()).toEqual(['voice-agent-4', 'voice-agent-5']);
    });

    it('are gone with their calls when the set has been scaled down', async () => {
      const callOf = await fill('scaled');
      await fleet.agents.scale(REPLICAS - 1);
      await fleet.hasPods(REPLICAS - 1, 0);

      expect(await pod('voice-agent-3')).toBeNull();
      expect(await isLive(fleet.api, callOf.get('voice-agent-3') ?? '')).toBe(false);
      expect(await isLive(fleet.api, callOf.get('voice-agent-0') ?? '')).toBe(true);
    });

    it('get no new call and keep theirs while they terminate', async () => {
      const callOf = await fill('terminating');
      const callSid = callOf.get('voice-agent-3') ?? '';
      await fleet.pods.terminate('voice-agent-3');
      await becomes('voice-agent-3', 'draining', (found) => found?.is_draining === true);

      const busy = await fleet.api.api.send('GET', '/pod/voice-agent-3/drained');
      const released = await release(fleet.api, callSid);
      const refused = await allocate(fleet.api, 'too-late');
      const drained = await fleet.api.api.send('GET', '/pod/voice-agent-3/drained?wait=30s');

      expect(busy).toMatchObject({ status: 200, body: { drained: false, active_calls: 1 } });
      expect(released).toBe(200);
      expect(refused).toBeNull();
      expect(drained).toMatchObject({ status: 200, body: { drained: true, active_calls: 0 } });
      await fleet.pods.replace('voice-agent-3');
    });

    it('are free under the same name when they crashed, without the calls of their former life', async () => {
      const callOf = await fill('crashed');
      const before = await pod('voice-agent-2');
      await fleet.pods.replace('voice-agent-2');
      const incarnation = await incarnationOf('voice-agent-2');
      await becomes(
        'voice-agent-2',
        'back',
        (found) => found?.incarnation.split('/')[0] === incarnation && found.status === 'available',
      );

      expect(before).toMatchObject({ status: 'allocated', calls: [callOf.get('voice-agent-2')] });
      expect(await isLive(fleet.api, callOf.get('voice-agent-2') ?? '')).toBe(false);
      expect(await isLive(fleet.api, callOf.get('voice-agent-1') ?? '')).toBe(true);
      expect(await allocate(fleet.api, 'crashed-again')).toBe('voice-agent-2');
      calls.set('crashed-again', '');
    });

    it('are restarted one by one while calls come, and none lands on one that terminates', async () => {
      const callOf = await fill('rolled');
      const landed: (string | null)[] = [];
      let attempts = 0;

      await fleet.agents.rollingRestart(async (name) => {
        await becomes(name, 'draining', (found) => found?.is_draining === true);
        await release(fleet.api, callOf.get(name) ?? '');
        const callSid = `meanwhile-${attempts++}`;
        const podName = await allocate(fleet.api, callSid);
        if (podName !== null) calls.set(callSid, podName);
        landed.push(podName === name ? name : null);
      });

      expect(landed).toEqual(Array(REPLICAS).fill(null));
      for (const name of fleet.agents.podNames) {
        const incarnation = await incarnationOf(name);
        await becomes(name, 'back', (found) => found?.incarnation.split('/')[0] === incarnation);
      }
    });

    it('end the calls that they still have when they are gone in a rolling restart', async () => {
      const callOf = await fill('cut');
      await fleet.agents.rollingRestart();
      await fleet.hasPods(REPLICAS);

      const live = await Promise.all([...callOf.values()].map((callSid) => isLive(fleet.api, callSid)));
      expect(live).toEqual(Array(REPLICAS).fill(false));
    });
  });
}
