import { writeFileSync } from 'node:fs';
import { parseOptions } from './options';
import { formatReport, hasPassed } from './report';
import { soak } from './soak';

const options = parseOptions(process.argv.slice(2), Date.now() % 1_000_000);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
say(`seed ${options.seed}: the same seed makes the same decisions again`);
const result = await soak(options, say);
writeFileSync(result.history.replace(/\.jsonl$/, '.json'), `${JSON.stringify(result, null, 2)}\n`);
say(formatReport(result));
process.exit(hasPassed(result) ? 0 : 1);
