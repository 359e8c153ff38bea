import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { ChildAnswer } from './child-commands';

export type ChildProgram = 'load-generator' | 'http-floor' | 'script-floor';

/** A program of the bench in a process of its own; it ends with this process, whatever way that ends. */
export class Child<Command, Result> {
  private constructor(private readonly child: ChildProcess) {}

  static start<Command, Result>(program: ChildProgram, args: readonly string[] = []): Child<Command, Result> {
    const child = fork(new URL(`./${program}.mjs`, import.meta.url), [...args], { stdio: 'inherit' });
    return new Child(child);
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the child was never started');
    return this.child.pid;
  }

  /** One at a time. @throws what the child says where it failed */
  async ask(command: Command): Promise<Result> {
    const over = new AbortController();
    const answered = once(this.child, 'message', over) as Promise<[ChildAnswer<Result>]>;
    const ended = once(this.child, 'exit', over).then(([code]): never => {
      throw new Error(`the child ended with ${String(code)}`);
    });
    this.child.send(command as object);
    try {
      const [answer] = await Promise.race([answered, ended]);
      if (answer.kind === 'failed') throw new Error(answer.reason);
      return answer.result;
    } finally {
      // Whichever of the two is still waiting rejects with the abort, which nobody needs to hear of.
      ended.catch(() => undefined);
      answered.catch(() => undefined);
      over.abort();
    }
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }
}
