import { CHECKS, type CheckName } from './checks';
import type { Evidence, Status } from './evidence';
import { readMetrics } from './metrics-text';

const POOL = {
  type: 'exclusive',
  assigned: 2,
  available: 1,
  active_calls: 1,
  capacity: 2,
  target: 2,
  draining: 0,
} as const;

const STATUS: Status = {
  status: 'up',
  pools: { standard: POOL },
  active_calls: 1,
  warnings: [],
  is_leader: true,
  leader: { identity: 'smart-router-0', epoch: 7, since: '2026-01-01T00:00:00.000Z' },
  tier_config_version: 3,
  store: { kind: 'redis', latency_ms: 0.4 },
};

const METRICS = `# HELP smart_router_store_eviction_possible x
smart_router_store_eviction_possible 0
smart_router_api_authentication_enabled 1
smart_router_webhook_verification_enabled{provider="twilio"} 1
smart_router_webhook_verification_enabled{provider="plivo"} 0
`;

const HEALTHY: Evidence = {
  statuses: [STATUS, STATUS],
  notReady: null,
  components: { store: { status: 'up' }, tier_config: { status: 'up' } },
  metrics: readMetrics(METRICS),
  keyScope: 'write',
  clockAheadMs: 400,
  podAddress: { host: 'voice-agent-0.voice-agent', problem: null },
};

const withMetric = (line: string): Partial<Evidence> => ({ metrics: readMetrics(`${METRICS}${line}\n`) });
const withStatus = (...changes: readonly Partial<Status>[]): Partial<Evidence> => ({
  statuses: changes.map((change) => ({ ...STATUS, ...change })),
});

function check(name: CheckName, evidence: Partial<Evidence>) {
  return CHECKS[name]({ ...HEALTHY, ...evidence });
}

describe('doctor', () => {
  it.each(Object.keys(CHECKS) as CheckName[])(
    'finds nothing by the check %s when all is well, and says what it saw',
    (name) => {
      const { findings, seen } = check(name, {});
      expect(findings).toEqual([]);
      expect(seen).not.toBe('');
    },
  );

  it.each<[CheckName, Partial<Evidence>, RegExp]>([
    ['ready', { notReady: 'store unavailable (STORE_UNAVAILABLE)' }, /not ready: store unavailable/],
    ['key', { keyScope: 'none' }, /asks for a key/],
    ['key', { keyScope: 'refused' }, /does not know the key/],
    ['key', withMetric('smart_router_api_authentication_enabled 0'), /API is open/],
    ['leader', withStatus({ leader: null }), /nobody leads/],
    ['store', withStatus({}, { status: 'down' }), /redis cannot be reached \(1 of 2 looks\)/],
    ['redis-policy', withMetric('smart_router_store_eviction_possible 1'), /drops leases/],
    ['redis-policy', withMetric('smart_router_store_eviction_possible NaN'), /refuses INFO/],
    ['pools', withStatus({ pools: { gold: { ...POOL, assigned: 1 } } }), /gold has 1 of 2 pods/],
    ['pools', withStatus({ pools: { gold: { ...POOL, available: 0 } } }), /gold has no room/],
    ['tier-config', withStatus({}, { tier_config_version: 4 }), /different versions: 3, 4/],
    [
      'webhooks',
      withMetric('smart_router_webhook_verification_enabled{provider="twilio"} 0'),
      /no provider has a secret/,
    ],
    ['clock', { clockAheadMs: -61_000 }, /61 s behind/],
    ['clock', { clockAheadMs: 61_000 }, /61 s ahead of/],
    ['pod-dns', { podAddress: { host: 'a.b', problem: 'ENOTFOUND' } }, /a\.b does not resolve: ENOTFOUND/],
    ['components', { components: { kubernetes: { status: 'down' } } }, /kubernetes is down/],
    ['components', { components: { store: { status: 'up', warnings: ['WAIT_BELOW_REPLICAS'] } } }, /may lose calls/],
    ['components', { components: { store: { status: 'up', warnings: ['BRAND_NEW'] } } }, /BRAND_NEW/],
  ])('finds by the check %s what is wrong (%#)', (name, evidence, cause) => {
    const { findings } = check(name, evidence);
    expect(findings.map((finding) => finding.cause)).toEqual([expect.stringMatching(cause)]);
    expect(findings[0]?.next).not.toBe('');
  });

  it('says a warning once when a check of its own says it', () => {
    const components = { store: { status: 'up', warnings: ['EVICTION_POSSIBLE', 'NO_LEADER'] } };
    expect(check('components', { components }).findings).toEqual([]);
  });
});
