import { EXCLUSIVE } from '../floor/fleet-names';
import { inRounds } from '../measure/rounds';
import { pairRatios } from '../measure/statistics';
import { BuiltApp } from '../processes/built-app';
import { type BenchContext, warmUp } from './bench-context';
import { measureBurst } from './burst';
import { PUBLIC_BASE_URL, type StandardFleet, TWILIO_AUTH_TOKEN, VOICE_AGENT_BASE_URL } from './standard-fleet';
import { tierConfig } from './fleet';
import { CONNECTIONS, measureLoad, reportLoad } from './throughput';

/** Row L: rows A and F on the store in the process's own memory. */
export async function measureEmbedded(context: BenchContext, { api, fleet, podsFile }: StandardFleet): Promise<void> {
  const embedded = await BuiltApp.start('smart-router', {
    STATIC_PODS_FILE: podsFile,
    TIER_CONFIG: tierConfig(fleet.size),
    RECONCILE_INTERVAL: '24h',
    PUBLIC_BASE_URL,
    TWILIO_AUTH_TOKEN,
    VOICE_AGENT_BASE_URL,
  });
  // The embedded store knows no merchants; its calls take the default chain, which begins with the exclusive pool.
  const merchant = EXCLUSIVE.merchant;
  await warmUp(context, embedded.port, merchant);
  for (const connections of CONNECTIONS) {
    const target = { merchant, connections };
    const { inMemory, onRedis } = await inRounds(context.plan.rounds, {
      inMemory: () => measureLoad(context, { ...target, port: embedded.port, serverPid: embedded.pid, redisPid: null }),
      onRedis: () => measureLoad(context, { ...target, port: api.port, serverPid: api.pid, redisPid: fleet.redis.pid }),
    });
    reportLoad(context, 'L', `${connections} connections, embedded store`, inMemory);
    const rates = [inMemory, onRedis].map((loads) => loads.map(({ cyclesPerSecond }) => cyclesPerSecond));
    const [own, redis] = rates as [number[], number[]];
    context.report.add('L', `${connections} connections: embedded against Redis`, 'ratio', pairRatios(own, redis));
  }
  await measureBurst(context, embedded.port, { row: 'L', name: ', embedded store' });
  await embedded.stop();
}
