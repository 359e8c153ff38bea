import { createInterface } from 'node:readline/promises';
import { CommandFailure, EXIT, usageFailure } from '../exit-codes';

/** Asks a person on the terminal. @throws `CommandFailure` where the answer is no, or nobody can be asked */
export async function confirm(question: string, isAnswered: boolean): Promise<void> {
  if (isAnswered) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw usageFailure('nobody can be asked here', 'add --yes where you have seen the change (srctl tier-config diff)');
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await new Promise<string>((resolve) => {
    // Ctrl-C and Ctrl-D close it, and mean no.
    terminal.once('close', () => resolve(''));
    void terminal.question(`${question} [y/N] `).then(resolve, () => resolve(''));
  });
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandFailure(EXIT.failed, 'nothing was changed');
}
