const COMMANDS = /^cmdstat_([^:]+):calls=(\d+),usec=(\d+)/gm;
const SCRIPTS = new Set(['evalsha', 'eval', 'fcall']);
/** Of the bench and its clients, not of a script. */
const QUESTIONS = new Set([...SCRIPTS, 'info', 'hello', 'client|setinfo', 'ping']);
const READS = /^total_reads_processed:(\d+)/m;
const MAIN_THREAD = /^used_cpu_(?:user|sys)_main_thread:([\d.]+)/gm;

export interface CommandCounts {
  /** Calls of scripts, and the time of Redis in all of them, with what they called. */
  readonly scripts: number;
  readonly scriptMicroseconds: number;
  /** What scripts called, and what other clients did. */
  readonly commands: number;
}

/** @param commandStats the answer to INFO commandstats, which counts a script and each command that it calls */
export function commandCountsOf(commandStats: string): CommandCounts {
  let [scripts, scriptMicroseconds, commands] = [0, 0, 0];
  for (const [, name = '', calls, microseconds] of commandStats.matchAll(COMMANDS)) {
    if (SCRIPTS.has(name)) {
      scripts += Number(calls);
      scriptMicroseconds += Number(microseconds);
    } else if (!QUESTIONS.has(name)) {
      commands += Number(calls);
    }
  }
  return { scripts, scriptMicroseconds, commands };
}

/** @param stats the answer to INFO stats. One read is one command where a client waits for each answer. */
export function readsOf(stats: string): number {
  const reads = READS.exec(stats)?.[1];
  if (reads === undefined) throw new Error('this Redis does not count its reads: 7.0 or newer is needed');
  return Number(reads);
}

/** @param cpu the answer to INFO cpu. The one thread that carries out commands; it reads and answers them, too. */
export function mainThreadSecondsOf(cpu: string): number {
  const seconds = [...cpu.matchAll(MAIN_THREAD)].map(([, text]) => Number(text));
  if (seconds.length === 0) throw new Error('this Redis does not count the time of its main thread: 6.2 or newer');
  return seconds.reduce((sum, part) => sum + part, 0);
}
