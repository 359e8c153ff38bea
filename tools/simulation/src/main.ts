import { parseArgs } from 'node:util';
import { PROTOCOLS, type ProtocolName } from './protocol';
import { runMany } from './run-many';
import { simulate } from './simulation';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    /** Another one each time, unless given; it is printed. */
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    protocol: { type: 'string', default: 'as it is' },
    trace: { type: 'boolean', default: false },
  },
});
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const PROGRESS_EVERY = 5_000;

function chosenProtocol(): ProtocolName {
  if (Object.hasOwn(PROTOCOLS, values.protocol)) return values.protocol as ProtocolName;
  throw new Error(`there is no protocol ${values.protocol}, only: ${Object.keys(PROTOCOLS).join('; ')}`);
}

const [seed, runs, protocol] = [Number(values.seed), Number(values.runs), chosenProtocol()];
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(runs) || runs < 1) {
  throw new Error('--seed and --runs take whole numbers');
}
if (values.trace) for (const line of (await simulate(seed, protocol)).trace) say(line);
const onRun = (done: number): void => {
  if (done % PROGRESS_EVERY === 0) say(`${done} of ${runs} runs`);
};
const result = await runMany({ seed, runs: values.trace ? 1 : runs, protocol, onRun });
for (const violation of result.violations) say(violation);
const { operations, losses, violations } = result;
say(
  `${result.runs} runs from seed ${seed}, ${losses} with a loss, ${operations} operations: ${violations.length} violations kept`,
);
process.exitCode = violations.length > 0 ? 1 : 0;
