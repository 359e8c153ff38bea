import { Command, Option } from 'commander';
import { addAudit } from './commands/audit';
import { addCalls } from './commands/calls';
import { addConfig } from './commands/config';
import { addDrain } from './commands/drain';
import { addExplain } from './commands/explain';
import { addMerchants } from './commands/merchants';
import { addPods } from './commands/pods';
import { addStatus } from './commands/status';
import { example } from './help';
import { addSimulate } from './simulate/simulate';
import { addTierConfig } from './tier-config/tier-config';
import { addCompletion } from './completion/completion';
import { addDoctor } from './doctor/doctor';
import { FORMATS } from './output/output';

import { addWatch } from './watch/watch';

declare const SMART_ROUTER_VERSION: string;

const COMMANDS = [
  addStatus,
  addPods,
  addCalls,
  addDrain,
  addMerchants,
  addTierConfig,
  addExplain,
  addAudit,
  addWatch,
  addSimulate,
  addDoctor,
  addConfig,
  addCompletion,
];

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong command line, 3 refused by the server, 4 no server answers, 5 doctor found something.
Environment: SRCTL_SERVER, SRCTL_API_KEY, SRCTL_CONTEXT, NO_COLOR.`;

/** The whole command line; nothing runs before `parseAsync`. */
export function buildProgram(): Command {
  const program = new Command('srctl')
    .description('Looks at a Smart Router and drives it.')
    .version(SMART_ROUTER_VERSION)
    .exitOverride()
    .showHelpAfterError('(srctl --help shows what there is)')
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .option('--context <name>', 'the context to use, instead of the current one')
    .option('--server <url>', 'the server to use, instead of that of a context')
    .addOption(new Option('-o, --output <format>', 'how data is written').choices(FORMATS).default('table'))
    .option('--timeout <duration>', 'how long an answer may take', '10s')
    .option('--no-color', 'no colors, as with NO_COLOR')
    .addHelpText('after', EXIT_CODES)
    .addHelpText('after', example('srctl status'));
  for (const add of COMMANDS) add(program);
  return program;
}
