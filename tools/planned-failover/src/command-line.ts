import { Incomplete, Refusal, UsageError } from './failures';
import { HELP, type Options, parseOptions } from './options';
import { plannedFailover, type Progress } from './planned-failover';

/** `HELP` says what they mean. */
export const EXIT_CODES = { done: 0, refused: 1, usage: 2, incomplete: 3 } as const;

/** @returns the exit code @throws what is a fault of this program */
export async function runCommandLine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  progress: Progress,
): Promise<number> {
  try {
    const options = parseOptions(args, env);
    if (options) return await run(options, progress);
    progress.log(HELP);
    return EXIT_CODES.done;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    progress.log(`${error.message}\n\n${HELP}`);
    return EXIT_CODES.usage;
  }
}

async function run(options: Options, progress: Progress): Promise<number> {
  try {
    await plannedFailover(options, progress);
    return EXIT_CODES.done;
  } catch (error) {
    if (error instanceof Refusal) {
      progress.log(`refused, nothing was changed: ${error.message}`);
      return EXIT_CODES.refused;
    }
    if (!(error instanceof Incomplete)) throw error;
    progress.log(`not complete: ${error.message}`);
    return EXIT_CODES.incomplete;
  }
}
