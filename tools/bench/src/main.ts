import { runBench } from './bench-run';
import { parseOptions } from './bench-options';

await runBench(parseOptions(process.argv.slice(2)));
