import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort, PATIENT_LIMITS, waitFor } from '@smart-router/testbed';

const ROOT = join(__dirname, '../../../..');
const READY_TIMEOUT_MS = 280_000;
const END_TIMEOUT_MS = 60_000;

/** What a line of figures says. */
export interface SeenFigures {
  readonly live: number;
  readonly placed: number;
  /** What went wrong, with the reasons: `refused 0  failed 0  cut 0  wrong pod 0`. */
  readonly troubles: string;
}

export const NO_TROUBLE = 'refused 0  failed 0  cut 0  wrong pod 0';

/** So that a busy machine looks like no fault. */
const PATIENT = Object.entries(PATIENT_LIMITS).flatMap(([name, value]) => ['--set', `${name}=${value}`]);

/** `npm run demo`, driven by its keys and read by its lines. */
export class RunningDemo {
  readonly lines: string[] = [];
  private readonly exited: Promise<number | null>;
  private processes: readonly number[] = [];
  /** Temporary, of the demo; known after `noteFolder`. */
  folder = '';

  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    readonly port: number,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.lines.push(line));
    }
    this.exited = once(child, 'close').then(([code]) => code as number | null);
  }

  /** Resolves when it places calls. @throws with its output where it ends before that */
  static async start(options: readonly string[], port?: number): Promise<RunningDemo> {
    const demo = await RunningDemo.spawn(options, port);
    await waitFor(() => demo.child.exitCode !== null || demo.says('q  quit'), {
      timeoutMs: READY_TIMEOUT_MS,
      description: 'the demo to be ready',
    });
    if (demo.child.exitCode !== null) throw new Error(`the demo ended:\n${demo.lines.join('\n')}`);
    demo.processes = descendantsOf(demo.child.pid ?? 0);
    return demo;
  }

  /** For starts that are refused. @returns how it ended */
  static async refused(options: readonly string[], port?: number): Promise<{ code: number | null; text: string }> {
    const demo = await RunningDemo.spawn(options, port);
    const code = await demo.exited;
    return { code, text: demo.lines.join('\n') };
  }

  private static async spawn(options: readonly string[], port?: number): Promise<RunningDemo> {
    const chosen = port ?? (await freePort());
    const args = ['tools/demo/demo.mjs', '--port', `${chosen}`, ...PATIENT, ...options];
    return new RunningDemo(spawn('node', args, { cwd: ROOT }), chosen);
  }

  says(text: string): boolean {
    return this.lines.some((line) => line.includes(text));
  }

  /** Waits for a line that comes from now on. @returns it */
  async line(pattern: RegExp, timeoutMs = 120_000): Promise<string> {
    const from = this.lines.length;
    const found = () => this.lines.slice(from).find((line) => pattern.test(line));
    return waitFor(found, { timeoutMs, description: `the demo to say ${String(pattern)}` });
  }

  /** The address that stands behind `redis-cli -h`. */
  get redisHost(): string {
    return /redis-cli -h (\S+)/.exec(this.lines.join('\n'))?.[1] ?? '';
  }

  press(key: string): void {
    this.child.stdin.write(key);
  }

  /** Those of a line that comes from now on. */
  async figures(): Promise<SeenFigures> {
    return figuresOf(await this.line(/ live \d+ /));
  }

  /** @returns its exit code */
  signal(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.exited;
  }

  /** SIGKILL to the demo itself, which the launcher started. */
  async killMain(): Promise<void> {
    this.processes = descendantsOf(this.child.pid ?? 0);
    const main = this.processes.find((pid) => commandOf(pid).includes('demo/demo/main.js'));
    if (main === undefined) throw new Error('the demo does not run');
    process.kill(main, 'SIGKILL');
    await this.exited;
  }

  /** Waits until no process, port and file of it is left. */
  async hasLeftNothing(): Promise<void> {
    const left = async () => [
      ...this.processes.filter((pid) => !hasEnded(pid)).map((pid) => `${pid} ${commandOf(pid)}`),
      ...(await openPorts([0, 1, 2, 3].map((offset) => this.port + offset))),
      ...[this.folder].filter((folder) => existsSync(folder)),
    ];
    await waitFor(async () => (await left()).length === 0, {
      timeoutMs: END_TIMEOUT_MS,
      description: 'the demo to leave nothing',
    }).catch(async () => expect(await left()).toEqual([]));
  }

  /** Ends it for certain. */
  async dispose(): Promise<void> {
    if (this.child.exitCode === null) await this.signal('SIGKILL');
  }

  /** @param name as the demo names it: `api-0` */
  pidOf(name: string): number {
    const isIt = (pid: number): boolean =>
      environmentOf(pid).includes(`LEADER_ELECTION_IDENTITY=${name}`) || commandOf(pid).includes(`/${name}/main.js`);
    const pid = descendantsOf(this.child.pid ?? 0).find(isIt);
    if (pid === undefined) throw new Error(`there is no process ${name}`);
    return pid;
  }

  /** Remembers what has to be gone later. */
  noteFolder(): void {
    const text = this.processes.map(commandOf).find((command) => command.includes('smart-router-demo-')) ?? '';
    this.folder = /\/[^\s=]*smart-router-demo-\w+/.exec(text)?.[0] ?? '';
    expect(existsSync(this.folder)).toBe(true);
  }
}

function figuresOf(line: string): SeenFigures {
  const [, live, placed, troubles = ''] = / live (\d+) +placed (\d+) +(.*?) +p99 /.exec(line) ?? [];
  return { live: Number(live), placed: Number(placed), troubles };
}

/** Of `/proc`, since the system's own tools may be missing. */
function descendantsOf(root: number): number[] {
  const parents = new Map(processIds().map((pid) => [pid, Number(statOf(pid)[1])]));
  const found = new Set([root]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** State, parent and so on, behind the name in brackets; empty where it is gone. */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    // It has just ended.
    return [];
  }
}

/** Nobody may be there who asks for the exit code of an orphan. */
function hasEnded(pid: number): boolean {
  const [state] = statOf(pid);
  return state === undefined || state === 'Z' || state === 'X';
}

const commandOf = (pid: number): string => listOf(pid, 'cmdline').join(' ');
const environmentOf = (pid: number): string[] => listOf(pid, 'environ');

function listOf(pid: number, file: 'cmdline' | 'environ'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  } catch {
    // It has just ended.
    return [];
  }
}

async function openPorts(ports: readonly number[]): Promise<string[]> {
  const isOpen = (port: number) =>
    new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  const open = await Promise.all(ports.map(isOpen));
  return ports.filter((_, index) => open[index]).map((port) => `port ${port}`);
}
