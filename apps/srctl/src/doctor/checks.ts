import type { Evidence, KeyScope } from './evidence';
import { byLabel } from './metrics-text';
import { warningFinding } from './warnings';

/** What is wrong, why that matters, and what to type next. */
export interface Finding {
  readonly cause: string;
  readonly next: string;
}

/** What a check says. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** What it saw, where nothing is wrong. */
  readonly seen: string;
}

/** In the order of a look by hand: what is not served comes before what is not safe. */
export const CHECKS = {
  ready: checkReady,
  key: checkKey,
  leader: checkLeader,
  store: checkStore,
  'redis-policy': checkRedisPolicy,
  pools: checkPools,
  'tier-config': checkTierConfig,
  webhooks: checkWebhooks,
  clock: checkClock,
  'pod-dns': checkPodDns,
  components: checkComponents,
} as const satisfies Record<string, (evidence: Evidence) => Verdict>;

export type CheckName = keyof typeof CHECKS;

const fine = (seen: string): Verdict => ({ findings: [], seen });
const found = (cause: string, next: string): Verdict => ({ findings: [{ cause, next }], seen: '' });

function checkReady({ notReady }: Evidence): Verdict {
  if (notReady === null) return fine('takes requests');
  return found(
    `the process is not ready: ${notReady}`,
    'curl $SERVER/health/startup; the log of the process has the rest',
  );
}

const KEYS: Readonly<Record<KeyScope, Verdict>> = {
  write: fine('may write'),
  read: fine('may only read'),
  none: found(
    'the server asks for a key, and srctl has none',
    'export SRCTL_API_KEY=..., or srctl config set <name> --key-file <path>',
  ),
  refused: found(
    'the server does not know the key',
    'compare it with API_KEYS of the server: srctl config contexts shows where yours is from',
  ),
};

function checkKey({ keyScope, metrics }: Evidence): Verdict {
  if (metrics.get('smart_router_api_authentication_enabled') === 0) {
    return found(
      'the API is open: anybody may give calls pods and change tiers',
      'set API_KEYS_FILE for the server (docs/security.md)',
    );
  }
  return KEYS[keyScope];
}

function checkLeader({ statuses: [status] }: Evidence): Verdict {
  if (status === undefined) return fine('not seen without a key');
  if (status.leader !== null) return fine(`${status.leader.identity}, epoch ${status.leader.epoch}`);
  const cause = 'nobody leads: pods are neither added nor removed, and leases that ran out are not ended';
  return found(cause, 'kubectl logs deployment/smart-router-worker --tail=50, or start a leader worker');
}

function checkStore({ statuses }: Evidence): Verdict {
  const [status] = statuses;
  if (status === undefined) return fine('not seen without a key');
  const { latency_ms, kind } = status.store;
  const down = statuses.filter((each) => each.status === 'down').length;
  if (down > 0) {
    const cause = `${kind} cannot be reached (${down} of ${statuses.length} looks): no call gets a pod`;
    return found(cause, 'redis-cli -u "$REDIS_URL" ping, from where the server runs');
  }
  return fine(`${kind}, ${latency_ms} ms`);
}

function checkRedisPolicy({ metrics }: Evidence): Verdict {
  const possible = metrics.get('smart_router_store_eviction_possible');
  if (possible === undefined) return fine('no Redis');
  if (possible === 0) return fine('drops nothing');
  return Number.isNaN(possible)
    ? found(
        'Redis refuses INFO, so nobody knows whether it drops leases',
        'allow INFO to the user of REDIS_URL (docs/security.md)',
      )
    : found(
        'Redis drops leases when its memory is full',
        'redis-cli -u "$REDIS_URL" config set maxmemory-policy noeviction',
      );
}

function checkPools({ statuses: [status] }: Evidence): Verdict {
  const pools = Object.entries(status?.pools ?? {});
  const findings = pools.flatMap(([name, { assigned, target }]): Finding[] => {
    if (assigned >= target) return [];
    return [
      {
        cause: `${name} has ${assigned} of ${target} pods`,
        next: `srctl pods --pool ${name}; start pods, or lower the target: srctl tier-config get -o yaml`,
      },
    ];
  });
  const full = pools.filter(([, { assigned, available }]) => assigned > 0 && available === 0);
  const busy = full.map(([name]): Finding => ({
    cause: `${name} has no room for a call`,
    next: `srctl pods --pool ${name}`,
  }));
  return { findings: [...findings, ...busy], seen: `${pools.length} pools have their pods` };
}

function checkTierConfig({ statuses }: Evidence): Verdict {
  const versions = [...new Set(statuses.map((each) => each.tier_config_version))].sort((a, b) => a - b);
  if (versions.length <= 1)
    return fine(versions.length === 0 ? 'not seen without a key' : `version ${versions[0]} everywhere`);
  const cause = `replicas follow different versions: ${versions.join(', ')}`;
  return found(cause, 'srctl doctor again after some seconds; else the log of the replicas: TIER_CONFIG_NOT_FOLLOWED');
}

function checkWebhooks({ metrics }: Evidence): Verdict {
  const providers = [...byLabel(metrics, 'smart_router_webhook_verification_enabled', 'provider')];
  const verified = providers.filter(([, isOn]) => isOn === 1).map(([name]) => name);
  if (providers.length === 0) return fine('not served here');
  if (verified.length === 0) {
    const cause = 'no provider has a secret: anybody may take pods and end calls by webhooks';
    return found(cause, 'set TWILIO_AUTH_TOKEN_FILE or that of your provider, or ACCEPT_UNVERIFIED_WEBHOOKS=false');
  }
  return fine(`verified: ${verified.join(', ')}`);
}

/** Less than what a lease or a token is about, and more than a request takes. */
const CLOCK_TOLERANCE_MS = 5_000;

function checkClock({ clockAheadMs }: Evidence): Verdict {
  if (clockAheadMs === null) return fine('not seen');
  const seconds = Math.round(clockAheadMs / 1000);
  if (Math.abs(clockAheadMs) <= CLOCK_TOLERANCE_MS) return fine('as here');
  const cause = `the clock of the server is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the one here`;
  return found(cause, 'timedatectl status, on both machines');
}

function checkPodDns({ podAddress }: Evidence): Verdict {
  if (podAddress === null) return fine('not looked up (--pod-host)');
  const { host, problem } = podAddress;
  if (problem === null) return fine(`${host} resolves`);
  return found(
    `${host} does not resolve: ${problem}`,
    `nslookup ${host}; kubectl get endpoints: does the headless Service select the pods?`,
  );
}

function checkComponents({ components }: Evidence): Verdict {
  const findings = Object.entries(components).flatMap(([name, { status, warnings = [] }]): Finding[] => [
    // The store and the leader have checks of their own.
    ...(status === 'up' || name === 'store' || name === 'leader'
      ? []
      : [{ cause: `${name} is ${status}`, next: 'curl $SERVER/health/details' }]),
    ...warnings.flatMap((code) => warningFinding(code) ?? []),
  ]);
  return { findings, seen: `${Object.keys(components).length} are up` };
}
