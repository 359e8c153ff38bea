// Floor F2: the product's scripts straight through ioredis, one connection, no HTTP. Arguments: the URL of Redis;
// 'together' to send the commands of one tick together, as the API does.
import { Redis } from 'ioredis';
import { serveParent } from '../processes/child-commands';
import { type CallScripts, runSent } from './sent-scripts';

export interface ScriptLoad {
  readonly scripts: CallScripts;
  readonly inFlight: number;
  readonly seconds: number;
}

const redis = new Redis(process.argv[2] as string, { enableAutoPipelining: process.argv[3] === 'together' });
let callsMade = 0;

async function runCycle({ allocate, release }: CallScripts): Promise<void> {
  const callSid = `F2-${process.pid}-${callsMade++}`;
  await runSent(redis, allocate, callSid, 'allocated');
  await runSent(redis, release, callSid, 'released');
}

/** @returns cycles per second */
serveParent(async ({ scripts, inFlight, seconds }: ScriptLoad): Promise<number> => {
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1000;
  let cycles = 0;
  const runOne = async (): Promise<void> => {
    for (; performance.now() < endMs; cycles++) await runCycle(scripts);
  };
  await Promise.all(Array.from({ length: inFlight }, runOne));
  return (cycles * 1000) / (performance.now() - startedMs);
});
