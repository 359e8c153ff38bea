import type { Finding } from './checks';

/** What each warning of `/health/details` means (docs/reference/errors.md has the whole text). `null`: another check says it. */
const WARNINGS: Readonly<Record<string, Finding | null>> = {
  EVICTION_UNKNOWN: null,
  EVICTION_POSSIBLE: null,
  NO_LEADER: null,
  WAIT_BELOW_REPLICAS: {
    cause: 'a failover of Redis may lose calls: it has more replicas than REDIS_WAIT_REPLICAS waits for',
    next: 'set REDIS_WAIT_REPLICAS=all',
  },
  CREDENTIALS_REFUSED: {
    cause: 'Redis does not accept what REDIS_URL_FILE holds now; the former credentials are in use',
    next: 'correct the file, or the user in Redis: redis-cli ACL LIST',
  },
  HINTS_REFUSED: {
    cause: 'Redis refuses PUBLISH, so replicas see changes late',
    next: 'allow PUBLISH and the channels to the user of REDIS_URL (docs/security.md)',
  },
  STORE_REFUSES_WRITES: {
    cause: 'Redis answers and refuses writes: no call gets a pod',
    next: 'redis-cli -u "$REDIS_URL" info memory persistence',
  },
  WRONG_STORE: {
    cause: 'Redis holds the data of another installation, and is not used',
    next: 'point REDIS_URL at the right one (docs/operations.md)',
  },
  SECRET_FILE_REJECTED: {
    cause: 'the content of a file with a secret is not in force',
    next: 'curl $SERVER/health/details: secret_files says which and why',
  },
  TIER_CONFIG_NOT_FOLLOWED: {
    cause: 'a replica does not follow the stored tier config',
    next: 'curl $SERVER/health/details: tier_config says why',
  },
  TIER_CONFIG_PARTLY_IGNORED: {
    cause: 'a replica does not know parts of the stored tier config',
    next: 'run one version everywhere: kubectl rollout status deployment/smart-router',
  },
  TIER_CONFIG_NOT_OF_ENVIRONMENT: {
    cause: 'TIER_CONFIG is set and differs from the stored tier config, which is in force',
    next: 'srctl tier-config get: put that into TIER_CONFIG, or leave the variable out',
  },
};

/** @returns `null` where another check says it */
export function warningFinding(code: string): Finding | null {
  if (Object.hasOwn(WARNINGS, code)) return WARNINGS[code] ?? null;
  return { cause: code, next: 'docs/reference/errors.md explains the code' };
}
