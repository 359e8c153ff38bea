import { writeSync } from 'node:fs';
import { type AppName, VERSION } from '@smart-router/settings';

interface CommandLineAnswer {
  readonly exitCode: 0 | 2;
  readonly text: string;
}

/** @returns what the process has to say instead of starting; `null` where it is to start */
export function commandLineAnswer(name: AppName, args: readonly string[]): CommandLineAnswer | null {
  const [first] = args;
  if (first === undefined) return null;
  if (args.length === 1 && (first === '--help' || first === '-h')) return { exitCode: 0, text: usage(name) };
  if (args.length === 1 && first === '--version') return { exitCode: 0, text: `${VERSION}\n` };
  const unknown = args.find((arg) => !['--help', '-h', '--version'].includes(arg)) ?? args[1];
  return { exitCode: 2, text: `unknown argument ${JSON.stringify(unknown)}: see --help\n` };
}

function usage(name: AppName): string {
  return (
    `Smart Router ${VERSION}, ${name}\n` +
    '\n' +
    'Usage: node main.js              start the server\n' +
    '       node main.js --help       show this text\n' +
    '       node main.js --version    show the version\n' +
    '\n' +
    'Settings are environment variables: docs/configuration.md lists them.\n'
  );
}

/** Ends the process where the command line asks for anything else than a start. Nothing is buffered, so nothing can hang. */
export function obeyCommandLine(name: AppName): void {
  const answer = commandLineAnswer(name, process.argv.slice(2));
  if (!answer) return;
  try {
    writeSync(answer.exitCode === 0 ? 1 : 2, answer.text);
  } catch {
    // Nobody reads it any more.
  }
  process.exit(answer.exitCode);
}
