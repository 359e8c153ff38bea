import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseOptions } from './options';
import { formatReport, hasPassed, verdictsOf } from './report';
import { soak } from './soak';

const options = parseOptions(process.argv.slice(2), Date.now() % 1_000_000);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const replay = `npm run soak -- --minutes ${options.minutes} --clients ${options.clients} --seed ${options.seed}`;
say(`seed ${options.seed}; the same decisions again: ${replay}`);
const result = await soak(options, say);
writeFileSync(result.history.replace(/\.jsonl$/, '.json'), `${JSON.stringify(result, null, 2)}\n`);
if (options.counts !== null) {
  const kept = verdictsOf(result).filter(({ violations }) => violations === 0).length;
  const counts = { passed: kept, failed: verdictsOf(result).length - kept };
  mkdirSync(dirname(options.counts), { recursive: true });
  writeFileSync(options.counts, JSON.stringify(counts));
}
say(formatReport(result));
process.exit(hasPassed(result) ? 0 : 1);
