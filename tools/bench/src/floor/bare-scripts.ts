import type { Redis } from 'ioredis';

const AVAILABLE = 'bare:available';
const LEASES = 'bare:leases';

/** What an allocation writes, and nothing else: no state is asked for, no rule is checked. */
const ALLOCATE = `
local pod = redis.call('SPOP', '${AVAILABLE}')
redis.call('HSET', KEYS[1], 'pod_name', pod, 'source_pool', 'gold', 'merchant_id', 'merchant-gold',
  'allocated_at', '1764400000', 'provider', '', 'decision', 'gold=granted', 'request', '')
redis.call('SET', 'bare:lease:' .. pod, ARGV[1], 'PX', 86400000)
redis.call('ZADD', '${LEASES}', 1764486400000, ARGV[1])
return { 'allocated', pod }`;

/** What a release writes. */
const RELEASE = `
redis.call('SADD', '${AVAILABLE}', ARGV[2])
redis.call('DEL', KEYS[1])
redis.call('ZREM', '${LEASES}', ARGV[1])
return { 'released', ARGV[2] }`;

/** The least that Redis has to do for a call by a script: what the product's scripts are compared with. */
export class BareScripts {
  private constructor(
    private readonly redis: Redis,
    private readonly allocateSha: string,
    private readonly releaseSha: string,
  ) {}

  /** With keys of its own, beside those of the product. */
  static async load(redis: Redis, pods: number): Promise<BareScripts> {
    await redis.sadd(AVAILABLE, ...Array.from({ length: pods }, (_, index) => `voice-agent-${index}`));
    const [allocate, release] = [await redis.script('LOAD', ALLOCATE), await redis.script('LOAD', RELEASE)];
    return new BareScripts(redis, allocate as string, release as string);
  }

  /** @returns the pod */
  async allocate(callSid: string): Promise<string> {
    const reply = await this.redis.evalsha(this.allocateSha, 1, `bare:call:${callSid}`, callSid);
    return (reply as [string, string])[1];
  }

  async release(callSid: string, pod: string): Promise<void> {
    await this.redis.evalsha(this.releaseSha, 1, `bare:call:${callSid}`, callSid, pod);
  }
}
