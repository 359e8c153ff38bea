import { scriptSource } from '@smart-router/redis';
import allocate from './scripts/allocate-1.lua';
import announceLeader from './scripts/announce-leader-1.lua';
import claimEpoch from './scripts/claim-epoch-1.lua';
import configurePool from './scripts/configure-pool-1.lua';
import drain from './scripts/drain-1.lua';
import endCall from './scripts/end-call-1.lua';
import expireLeases from './scripts/expire-leases-1.lua';
import fleetStats from './scripts/fleet-stats-1.lua';
import heartbeat from './scripts/heartbeat-1.lua';
import calls from './scripts/includes/calls.lua';
import clock from './scripts/includes/clock.lua';
import epoch from './scripts/includes/epoch.lua';
import keys from './scripts/includes/keys.lua';
import pods from './scripts/includes/pods.lua';
import views from './scripts/includes/views.lua';
import listCalls from './scripts/list-calls-1.lua';
import listPods from './scripts/list-pods-1.lua';
import movePod from './scripts/move-pod-1.lua';
import readCall from './scripts/read-call-1.lua';
import readPod from './scripts/read-pod-1.lua';
import registerPod from './scripts/register-pod-1.lua';
import release from './scripts/release-1.lua';
import removePod from './scripts/remove-pod-1.lua';
import removePool from './scripts/remove-pool-1.lua';
import repairPod from './scripts/repair-pod-1.lua';
import replaceTierConfig from './scripts/replace-tier-config-3.lua';
import resignLeader from './scripts/resign-leader-1.lua';
import sweepPool from './scripts/sweep-pool-1.lua';
import undrain from './scripts/undrain-1.lua';

const FRAGMENTS = { calls, clock, epoch, keys, pods, views };

function script(text: string, numberOfKeys = 1): { lua: string; numberOfKeys: number } {
  return { lua: scriptSource(text, FRAGMENTS), numberOfKeys };
}

/** Every script with its includes in place. The number in a file's name is the number of its keys. */
export const SCRIPTS = {
  allocate: script(allocate),
  announceLeader: script(announceLeader),
  claimEpoch: script(claimEpoch),
  configurePool: script(configurePool),
  drain: script(drain),
  endCall: script(endCall),
  expireLeases: script(expireLeases),
  fleetStats: script(fleetStats),
  heartbeat: script(heartbeat),
  listCalls: script(listCalls),
  listPods: script(listPods),
  movePod: script(movePod),
  readCall: script(readCall),
  readPod: script(readPod),
  registerPod: script(registerPod),
  release: script(release),
  removePod: script(removePod),
  removePool: script(removePool),
  repairPod: script(repairPod),
  replaceTierConfig: script(replaceTierConfig, 3),
  resignLeader: script(resignLeader),
  sweepPool: script(sweepPool),
  undrain: script(undrain),
};

export type ScriptName = keyof typeof SCRIPTS;
