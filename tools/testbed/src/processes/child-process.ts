import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { dieWithParent, endGroupWithParent, hasEnded } from './reaper';

export interface ExitStatus {
  /** `null` where a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** How many of the last lines of the output are kept at least. Default: all. For processes that run long. */
  readonly keepLines?: number;
  /**
   * What becomes of it when this process ends in whatever way. Default `kill`. With `terminate` it leads a process group
   * of its own, which Ctrl-C does not reach; it gets SIGTERM then, and SIGKILL where it is still there ten seconds later.
   * `terminate` needs Linux.
   */
  readonly onParentEnd?: 'kill' | 'terminate';
}

/** Becomes the command that follows. */
const SIGTERM_WITH_PARENT = ['setpriv', '--pdeathsig', 'TERM', '--'];

/** A process that belongs to the test: its output is kept, and it never outlives the test process. */
export class TestProcess {
  /** Settles after the process has ended and all its output was read. */
  readonly exited: Promise<ExitStatus>;
  /** Lines of stdout and stderr, in the order in which they came; only the last ones where `keepLines` says so. */
  readonly output: string[] = [];
  private exitStatus: ExitStatus | null = null;

  private constructor(
    private readonly child: ChildProcess,
    private readonly keepLines: number,
    private readonly leadsGroup: boolean,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.keep(line));
    }
    if (child.pid !== undefined) (leadsGroup ? endGroupWithParent : dieWithParent)(child.pid);
    this.exited = this.watchExit();
  }

  /** Starts the program with exactly the given environment. Fails later, in `exited`, where it cannot be started. */
  static start(command: string, args: readonly string[], options: StartOptions): TestProcess {
    const { env = {}, cwd, keepLines = Infinity, onParentEnd = 'kill' } = options;
    const detached = onParentEnd === 'terminate';
    const [program = command, ...rest] = detached ? [...SIGTERM_WITH_PARENT, command, ...args] : [command, ...args];
    const child = spawn(program, rest, { env: { ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached });
    return new TestProcess(child, keepLines, detached);
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the process was never started');
    return this.child.pid;
  }

  /** `null` while the process runs. */
  get exit(): ExitStatus | null {
    return this.exitStatus;
  }

  /**
   * Sends the signal, then waits for the end. @throws where the process has not ended in time; it is killed then
   * @param signal default SIGTERM
   */
  async terminate(timeoutMs: number, signal: NodeJS.Signals = 'SIGTERM'): Promise<ExitStatus> {
    this.child.kill(signal);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), timeoutMs);
    });
    const status = await Promise.race([this.exited, timeout]);
    clearTimeout(timer);
    if (status) return status;
    await this.kill();
    throw new Error(`process ${this.pid} did not end within ${timeoutMs} ms of ${signal}\n${this.tail()}`);
  }

  /** SIGKILL, also for a paused process, and for all of its group where it leads one; waits for the end. */
  async kill(): Promise<void> {
    if (this.leadsGroup && this.exitStatus === null && this.child.pid !== undefined) killGroup(this.child.pid);
    else this.child.kill('SIGKILL');
    await this.exited;
  }

  /** SIGSTOP: the process keeps its sockets and answers nothing. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** The last lines of the output, for error messages. */
  tail(lines = 20): string {
    return this.output.slice(-lines).join('\n');
  }

  private keep(line: string): void {
    this.output.push(line);
    // Rarely and many at once, since each time moves all that stay.
    if (this.output.length > this.keepLines * 2) this.output.splice(0, this.output.length - this.keepLines);
  }

  private watchExit(): Promise<ExitStatus> {
    return new Promise((resolve) => {
      const settle = (status: ExitStatus): void => {
        this.exitStatus = status;
        if (this.child.pid !== undefined) hasEnded(this.child.pid);
        resolve(status);
      };
      this.child.once('error', (error) => {
        this.output.push(String(error));
        if (this.child.pid === undefined) settle({ code: null, signal: null });
      });
      this.child.once('close', (code, signal) => settle({ code, signal }));
    });
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: all of it has just ended.
  }
}
