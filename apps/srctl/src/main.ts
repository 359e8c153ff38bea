import { printCandidates } from './completion/completion';
import { EXIT } from './exit-codes';
import { reportFailure } from './failure';
import { buildProgram } from './program';
import { outputOf } from './session';

// A reader such as `head` has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed),
);

/** @returns how the process should end */
async function run(args: readonly string[]): Promise<number> {
  try {
    const [first, ...words] = args;
    if (first === '__complete') return await printCandidates(buildProgram(), words);
    await buildProgram().parseAsync(args, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    return reportFailure(error, outputOf({ output: 'table', color: !args.includes('--no-color') }));
  }
}

process.exitCode = await run(process.argv.slice(2));
