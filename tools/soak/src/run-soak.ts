import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseOptions } from './options';
import { formatReport, hasPassed, type SoakResult, verdictsOf } from './report';
import { soak } from './soak';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** @returns the exit code: 0 where nothing was violated */
export async function runSoak(args: readonly string[]): Promise<number> {
  const options = parseOptions(args, Date.now() % 1_000_000);
  const replay = `npm run soak -- --minutes ${options.minutes} --clients ${options.clients} --seed ${options.seed}`;
  say(`seed ${options.seed}; the same decisions again: ${replay}`);
  const result = await soak(options, say);
  writeFileSync(result.history.replace(/\.jsonl$/, '.json'), `${JSON.stringify(result, null, 2)}\n`);
  if (options.counts !== null) writeCounts(options.counts, result);
  say(formatReport(result));
  return hasPassed(result) ? 0 : 1;
}

function writeCounts(file: string, result: SoakResult): void {
  const verdicts = verdictsOf(result);
  const kept = verdicts.filter(({ violations }) => violations === 0).length;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ passed: kept, failed: verdicts.length - kept }));
}
