import { type ScriptDefinition, scriptSource } from '@smart-router/redis';
import { finishScript } from './script-declarations';
import abandonGrant from './scripts/abandon-grant.lua';
import allocate from './scripts/allocate.lua';
import announceLeader from './scripts/announce-leader.lua';
import changeMerchantConfig from './scripts/change-merchant-config.lua';
import checkGeneration from './scripts/check-generation.lua';
import claimEpoch from './scripts/claim-epoch.lua';
import configurePool from './scripts/configure-pool.lua';
import drain from './scripts/drain.lua';
import endCall from './scripts/end-call.lua';
import expireLeases from './scripts/expire-leases.lua';
import findSuspects from './scripts/find-suspects.lua';
import fleetStats from './scripts/fleet-stats.lua';
import heartbeat from './scripts/heartbeat.lua';
import admission from './scripts/includes/admission.lua';
import audited from './scripts/includes/audited.lua';
import calls from './scripts/includes/calls.lua';
import changeLog from './scripts/includes/change-log.lua';
import clock from './scripts/includes/clock.lua';
import drainRecord from './scripts/includes/drain-record.lua';
import endedGrants from './scripts/includes/ended-grants.lua';
import endMarks from './scripts/includes/end-marks.lua';
import fastAllocate from './scripts/includes/fast-allocate.lua';
import fastRelease from './scripts/includes/fast-release.lua';
import foreignKeys from './scripts/includes/foreign-keys.lua';
import generation from './scripts/includes/generation.lua';
import grants from './scripts/includes/grants.lua';
import indexes from './scripts/includes/indexes.lua';
import identifyStore from './scripts/identify-store.lua';
import keys from './scripts/includes/keys.lua';
import numbers from './scripts/includes/numbers.lua';
import pastCalls from './scripts/includes/past-calls.lua';
import pods from './scripts/includes/pods.lua';
import skipReasons from './scripts/includes/skip-reasons.lua';
import types from './scripts/includes/types.lua';
import unknownEnds from './scripts/includes/unknown-ends.lua';
import views from './scripts/includes/views.lua';
import leaderOnly from './scripts/includes/leader-only.lua';
import lease from './scripts/includes/lease.lua';
import listCalls from './scripts/list-calls.lua';
import listPods from './scripts/list-pods.lua';
import movePod from './scripts/move-pod.lua';
import readConditions from './scripts/read-conditions.lua';
import readCall from './scripts/read-call.lua';
import readLease from './scripts/read-lease.lua';
import readMerchantConfig from './scripts/read-merchant-config.lua';
import readPod from './scripts/read-pod.lua';
import reassertCall from './scripts/reassert-call.lua';
import reassertRelease from './scripts/reassert-release.lua';
import registerPod from './scripts/register-pod.lua';
import release from './scripts/release.lua';
import removePod from './scripts/remove-pod.lua';
import removePool from './scripts/remove-pool.lua';
import repairPod from './scripts/repair-pod.lua';
import replaceLease from './scripts/replace-lease.lua';
import replaceTierConfig from './scripts/replace-tier-config.lua';
import resignLeader from './scripts/resign-leader.lua';
import sweepIndexes from './scripts/sweep-indexes.lua';
import sweepPool from './scripts/sweep-pool.lua';
import undrain from './scripts/undrain.lua';

const FRAGMENTS = {
  admission,
  calls,
  'change-log': changeLog,
  clock,
  'drain-record': drainRecord,
  'end-marks': endMarks,
  'ended-grants': endedGrants,
  'fast-allocate': fastAllocate,
  'fast-release': fastRelease,
  'foreign-keys': foreignKeys,
  generation,
  grants,
  indexes,
  keys,
  'leader-only': leaderOnly,
  lease,
  numbers,
  'past-calls': pastCalls,
  pods,
  'skip-reasons': skipReasons,
  types,
  'unknown-ends': unknownEnds,
  views,
};

/** What changes calls, pods, pools or who leads: an audit records each of them. */
const OPERATIONS = {
  abandonGrant,
  allocate,
  announceLeader,
  claimEpoch,
  configurePool,
  drain,
  endCall,
  expireLeases,
  heartbeat,
  movePod,
  reassertCall,
  reassertRelease,
  registerPod,
  release,
  removePod,
  removePool,
  repairPod,
  resignLeader,
  sweepIndexes,
  sweepPool,
  undrain,
};

const READS = { findSuspects, fleetStats, identifyStore, listCalls, listPods, readCall, readConditions, readPod };

/** Configuration, whose changes have a log of their own. */
const CONFIGURATION = { changeMerchantConfig, readMerchantConfig };

/** Who may lead is asked every other second; an audit records who does. */
const LEASE = { readLease, replaceLease };

export type ScriptName =
  | keyof typeof OPERATIONS
  | keyof typeof READS
  | keyof typeof LEASE
  | keyof typeof CONFIGURATION
  | 'checkGeneration'
  | 'replaceTierConfig';
export type ScriptCatalogue = Readonly<Record<ScriptName, ScriptDefinition>>;

/**
 * Every script with its includes in place, and the number of its keys: one, where nothing else is said.
 *
 * Whether there is an audit is decided here, in the text of the scripts: without one they are not a command longer.
 * @param keyPrefix what every key starts with; the text of the scripts holds it
 * @param auditLength about how many operations the audit keeps; 0: there is none
 */
export function scriptCatalogue(keyPrefix: string, auditLength = 0): ScriptCatalogue {
  const script = (text: string, fragments = {}, numberOfKeys = 1): ScriptDefinition => {
    const lua = finishScript(scriptSource(text, { ...FRAGMENTS, ...fragments }), keyPrefix);
    return { lua, numberOfKeys };
  };
  const operation = (text: string, name: string): ScriptDefinition => {
    if (auditLength === 0) return script(text);
    const thisOperation = `local OPERATION, AUDIT_LENGTH = '${name}', ${auditLength}`;
    return script(audited, { operation: text, 'this-operation': thisOperation });
  };
  return {
    ...eachOf(OPERATIONS, operation),
    // Every process asks about once a second: an audit of that would hold nothing else.
    checkGeneration: script(checkGeneration),
    ...eachOf({ ...READS, ...LEASE, ...CONFIGURATION }, (text) => script(text)),
    replaceTierConfig: script(replaceTierConfig, {}, 4),
  };
}

function eachOf<Name extends string>(
  texts: Readonly<Record<Name, string>>,
  compose: (text: string, name: string) => ScriptDefinition,
): Record<Name, ScriptDefinition> {
  const entries = Object.entries<string>(texts).map(([name, text]) => [name, compose(text, name)] as const);
  return Object.fromEntries(entries) as Record<Name, ScriptDefinition>;
}
