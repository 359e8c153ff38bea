import { runFailovers } from './failover/run-failovers';
import { runSoak } from './run-soak';

const [mode, ...args] = process.argv.slice(2);
process.exit(await (mode === 'failover' ? runFailovers(args) : runSoak(args)));
