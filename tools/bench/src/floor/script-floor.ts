// Floor F2: the product's scripts straight through ioredis, one connection, no HTTP. Arguments: the URL of Redis.
import { Redis } from 'ioredis';
import { serveParent } from '../processes/child-commands';
import { EXCLUSIVE, merchantConfig, PREFIX, RECORD_MS } from './fleet-names';
import { loadScripts } from './lua-scripts';

export interface ScriptLoad {
  readonly inFlight: number;
  readonly seconds: number;
}

const redis = new Redis(process.argv[2] as string);
const scripts = await loadScripts(redis);
const text = merchantConfig(EXCLUSIVE.pool);
let callsMade = 0;

async function runCycle(): Promise<void> {
  const callSid = `F2-${process.pid}-${callsMade++}`;
  const key = `${PREFIX}call:${callSid}`;
  const rest = [EXCLUSIVE.merchant, text, '', RECORD_MS, RECORD_MS, EXCLUSIVE.pool];
  const [outcome] = (await scripts.run('allocate', key, PREFIX, callSid, ...rest)) as string[];
  if (outcome !== 'allocated') throw new Error(`allocate answered ${String(outcome)}`);
  await scripts.run('release', key, PREFIX, callSid);
}

/** @returns cycles per second */
serveParent(async ({ inFlight, seconds }: ScriptLoad): Promise<number> => {
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1000;
  let cycles = 0;
  const runOne = async (): Promise<void> => {
    for (; performance.now() < endMs; cycles++) await runCycle();
  };
  await Promise.all(Array.from({ length: inFlight }, runOne));
  return (cycles * 1000) / (performance.now() - startedMs);
});
