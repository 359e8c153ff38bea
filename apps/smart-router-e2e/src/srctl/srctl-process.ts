import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../../..');
const NODE = join(ROOT, 'node_modules/.bin/node');
export const SRCTL = join(ROOT, 'dist/apps/srctl/main.js');

export type Env = Readonly<Record<string, string>>;

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the bundle with nothing in its environment but `env`, and without a terminal. */
export function runSrctl(args: readonly string[], env: Env = {}, input = ''): Promise<Finished> {
  return finish(
    spawn(NODE, [SRCTL, ...args], { env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...env } }),
    input,
  );
}

/** Runs a line of bash in which `srctl` is the bundle. */
export function runShell(line: string, env: Env = {}): Promise<Finished> {
  const script = `srctl() { "${NODE}" "${SRCTL}" "$@"; }\n${line}`;
  return finish(
    spawn('bash', ['-c', script], { env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...env } }),
    '',
  );
}

/** The bundle on a terminal of its own. */
export interface TerminalRun {
  readonly screen: () => string;
  press(keys: string): void;
  readonly ended: Promise<Finished>;
}

/** `script` gives it a terminal of 40 lines. */
export function runOnTerminal(args: readonly string[], env: Env = {}): TerminalRun {
  const command = `stty rows 40 cols 120; exec ${[NODE, SRCTL, ...args].map((each) => `'${each}'`).join(' ')}`;
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TERM: 'xterm', ...env },
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { screen: () => text, press: (keys) => void child.stdin.write(keys), ended: finish(child, null) };
}

/** @param input `null`: its stdin stays open */
function finish(child: ReturnType<typeof spawn>, input: string | null): Promise<Finished> {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => (texts[name] += chunk.toString()));
  }
  if (input !== null) child.stdin?.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...texts }));
  });
}
