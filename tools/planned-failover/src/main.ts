import { runCommandLine } from './command-line';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
const log = (line: string): void => void process.stdout.write(`${line}\n`);
process.exitCode = await runCommandLine(process.argv.slice(2), process.env, { log, signal: interrupted.signal });
