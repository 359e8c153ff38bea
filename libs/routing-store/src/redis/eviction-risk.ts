import type { EvictionRisk, MemoryLimit } from '../domain/store-observer';

/** Reads the answer to `INFO memory`. */
export function memoryLimit(info: string): MemoryLimit {
  return {
    policy: /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'unknown',
    maxBytes: Number(/^maxmemory:(\d+)/m.exec(info)?.[1] ?? 0),
  };
}

/** `volatile-*` is no better than `allkeys-*`: leases and the records of calls have an end. */
export function evictionRisk({ policy, maxBytes }: MemoryLimit): EvictionRisk {
  if (policy === 'noeviction') return 'none';
  if (policy === 'unknown') return 'unknown';
  return maxBytes > 0 ? 'possible' : 'without-limit';
}
