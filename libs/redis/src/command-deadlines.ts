import { Cluster, type Command, type Redis } from 'ioredis';
import { CommandTimeoutError } from './errors';

interface SentCommand {
  readonly command: Pick<Command, 'isSettled' | 'reject'>;
  readonly expiresAtMs: number;
}

/** Limits the time of every command of this client; see {@link CommandDeadlines}. */
export function limitCommands(client: Redis | Cluster, timeoutMs: number): void {
  if (client instanceof Cluster) client.on('+node', (node: Redis) => limitCommandsOf(node, timeoutMs));
  else limitCommandsOf(client, timeoutMs);
}

function limitCommandsOf(client: Redis, timeoutMs: number): void {
  const deadlines = new CommandDeadlines(timeoutMs);
  const send = client.sendCommand.bind(client);
  client.sendCommand = (command, stream) => {
    // A cluster repeats what a node has refused for the moment, and its caller may have been answered meanwhile.
    if (command.isSettled) return command.promise;
    const answer = send(command, stream);
    if (!command.isSettled) deadlines.add(command);
    return answer;
  };
}

/**
 * Rejects the commands of one connection that are not answered in time.
 *
 * All have the same time, so they run out in the order in which they were sent, and one timer, for the oldest that is
 * open, does for all of them. The client's own option starts and ends a timer per command.
 */
export class CommandDeadlines {
  /** In the order of sending. Those before `oldest` are forgotten; of the others some may be settled. */
  private sent: SentCommand[] = [];
  private oldest = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly timeoutMs: number) {}

  add(command: SentCommand['command']): void {
    this.forgetSettled();
    this.sent.push({ command, expiresAtMs: performance.now() + this.timeoutMs });
    if (this.timer === undefined) this.wait(this.timeoutMs);
  }

  /** Rejects what has run out, and waits for the next. */
  private expire(): void {
    this.timer = undefined;
    const nowMs = performance.now();
    for (this.forgetSettled(); this.oldest < this.sent.length; this.forgetSettled()) {
      const { command, expiresAtMs } = this.sent[this.oldest] as SentCommand;
      if (expiresAtMs > nowMs) {
        this.wait(expiresAtMs - nowMs);
        return;
      }
      command.reject(new CommandTimeoutError());
    }
  }

  /** Keeps no process alive: as long as a command is open, its connection does. */
  private wait(ms: number): void {
    this.timer = setTimeout(() => this.expire(), Math.ceil(ms)).unref();
  }

  private forgetSettled(): void {
    const { sent } = this;
    while (this.oldest < sent.length && sent[this.oldest]?.command.isSettled) this.oldest++;
    // Moved down only when most of it is forgotten, so that each command is moved about once.
    if (this.oldest === 0 || this.oldest * 2 < sent.length) return;
    this.sent = sent.slice(this.oldest);
    this.oldest = 0;
  }
}
