import { answerOf } from '@smart-router/api-client';
import type { CallLoad } from './calls/call-load';
import type { Fleet } from './fleet';
import { rollEverything } from './rolling';
import type { VoiceRouter } from './router/voice-router';
import type { KeyAction } from './screen/keys';

export interface FaultParts {
  readonly fleet: Fleet;
  readonly router: VoiceRouter;
  readonly load: CallLoad;
  /** Takes lines for people. */
  readonly say: (line: string) => void;
}

/** What may be done to the demo while it runs, as keys. */
export function faultKeys(parts: FaultParts): readonly KeyAction[] {
  return [
    { key: 'a', help: 'kill an agent: its calls are cut, and it starts again', act: () => killAgent(parts) },
    { key: 'x', help: 'delete the pod of an agent: it waits for its calls', act: () => deletePod(parts) },
    { key: 'l', help: 'kill the leader: the other worker takes over', act: () => killLeader(parts) },
    { key: 's', help: 'stop Redis, and start it again', act: () => toggleRedis(parts) },
    { key: 'd', help: 'drain a pod, and give it back', act: toggleDrain(parts) },
    { key: 'f', help: 'flood: more calls at once than there is room for', act: () => flood(parts) },
    { key: 'r', help: 'roll everything, one process after the other', act: rollOnce(parts) },
  ];
}

/** What one machine can carry for a moment. */
const MOST_FLOODING_CALLS = 500;

function anyAgent({ agents }: Fleet) {
  const agent = agents[Math.floor(Math.random() * agents.length)];
  if (!agent) throw new Error('there is no agent');
  return agent;
}

async function killAgent({ fleet, say }: FaultParts): Promise<void> {
  const { name, process } = anyAgent(fleet);
  say(`killing ${name}`);
  await process.crash();
}

async function deletePod({ fleet, say }: FaultParts): Promise<void> {
  const { name } = anyAgent(fleet);
  say(`deleting the pod ${name}`);
  await fleet.cluster.delete(name);
}

async function killLeader({ fleet, say }: FaultParts): Promise<void> {
  const leader = await fleet.leader();
  if (!leader) return say('nobody leads now');
  say(`killing the leader, ${leader.name}`);
  await leader.crash();
}

async function toggleRedis({ fleet: { redis }, say }: FaultParts): Promise<void> {
  if (redis.isStopping) {
    say('starting Redis');
    await redis.start();
    return say('Redis is back');
  }
  say('stopping Redis: press s again to start it');
  await redis.stop();
}

/** Each press with a pod drained gives that one back. */
function toggleDrain({ fleet, say }: FaultParts): () => Promise<void> {
  let drained: string | null = null;
  return async () => {
    if (drained !== null) {
      say(`giving ${drained} back`);
      await answerOf(fleet.api.POST('/api/v1/undrain', { body: { pod_name: drained } }));
      drained = null;
      return;
    }
    drained = anyAgent(fleet).name;
    say(`draining ${drained}: no new calls; press d again to give it back`);
    await answerOf(fleet.api.POST('/api/v1/drain', { body: { pod_name: drained } }));
  };
}

async function flood({ fleet, load, say }: FaultParts): Promise<void> {
  const { room } = await fleet.pools();
  const count = Math.min(MOST_FLOODING_CALLS, room + 50);
  say(`flooding: ${count} calls at once`);
  await load.flood(count);
}

function rollOnce({ fleet, router, say }: FaultParts): () => Promise<void> {
  let isRolling = false;
  return async () => {
    if (isRolling) return say('it is rolling already');
    isRolling = true;
    await rollEverything(fleet, router, say).finally(() => (isRolling = false));
  };
}
