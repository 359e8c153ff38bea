const SCRIPT_CALLS = /^cmdstat_(?:evalsha|eval|fcall):calls=(\d+)/gm;
const READS = /^total_reads_processed:(\d+)/m;

/** @param commandStats the answer to INFO commandstats. What a script calls is in there too, and is not counted. */
export function scriptCallsOf(commandStats: string): number {
  return [...commandStats.matchAll(SCRIPT_CALLS)].reduce((sum, [, calls]) => sum + Number(calls), 0);
}

/** @param stats the answer to INFO stats. One read is one command where a client waits for each answer. */
export function readsOf(stats: string): number {
  const reads = READS.exec(stats)?.[1];
  if (reads === undefined) throw new Error('this Redis does not count its reads: 7.0 or newer is needed');
  return Number(reads);
}
