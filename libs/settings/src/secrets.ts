import type { ApiKeySetting, Settings } from './settings';

/** What of the secrets of Redis may change while a process runs. */
interface RedisSecrets {
  /** Names the same servers and database for as long as the process lives; only user and password change. */
  readonly url: string;
  readonly sentinelPassword: string | null;
  readonly tlsCa: string | null;
}

/** The secrets that are in force. */
export interface Secrets {
  readonly apiKeys: readonly ApiKeySetting[];
  readonly twilioAuthTokens: readonly string[];
  readonly plivoAuthTokens: readonly string[];
  readonly exotelTokens: readonly string[];
  /** Headers of the requests to the collector of traces. */
  readonly tracingHeaders: Readonly<Record<string, string>>;
  /** `null`: the store is in this process's memory. */
  readonly redis: RedisSecrets | null;
}

/** Where secrets are looked up at each use, since those that come from a file may be replaced. */
export interface SecretSource {
  readonly current: Secrets;
  /** Calls the listener after each change. It must not throw. */
  onChange(listener: () => void): void;
}

/** @returns the secrets among the settings */
export function secretsOf({ access, redis, tracing, webhooks }: Settings): Secrets {
  return {
    apiKeys: access.apiKeys,
    twilioAuthTokens: webhooks.twilioAuthTokens,
    plivoAuthTokens: webhooks.plivoAuthTokens,
    exotelTokens: webhooks.exotelTokens,
    tracingHeaders: tracing?.headers ?? {},
    redis: redis && { url: redis.url, sentinelPassword: redis.sentinel?.password ?? null, tlsCa: redis.tlsCa },
  };
}

/** Secrets that never change. */
export function fixedSecrets(settings: Settings): SecretSource {
  return { current: secretsOf(settings), onChange: () => undefined };
}
