import type { SeededRandom } from '@smart-router/testbed';
import { StoreUnavailableError } from '@smart-router/routing-store';
import type { MemoryRoutingStore } from '@smart-router/routing-store/memory';
import type { SimulatedStore } from './simulated-store';
import type { VirtualTime } from './virtual-time';

/** What the line between a process and the store does, each with a probability from 0 to 1 for a command. */
export interface LineQuality {
  /** A command, and everything behind it, takes up to two and a half seconds. */
  readonly slow: number;
  /** The answer never comes. */
  readonly lostReply: number;
}

export interface ConnectionPorts {
  readonly time: VirtualTime;
  readonly store: SimulatedStore;
  readonly random: SeededRandom;
  readonly quality: LineQuality;
  /** Runs it in the process, when that runs. */
  readonly deliver: (run: () => void) => void;
  /** A command was carried out when its caller had been answered that the store is unavailable. */
  readonly carriedOutLate: (delayMs: number) => void;
}

/** A caller is answered this time after its command was sent, as with the product's default settings. */
export const COMMAND_TIMEOUT_MS = 666;

/**
 * The connection of one process to the store: commands arrive in the order in which they were sent, late or never
 * answered, and what was on its way when it broke may or may not have arrived.
 */
export class Connection {
  private line: { isOpen: boolean; isIdentified: boolean; lastArrivalMs: number; lastReplyMs: number } | null = null;
  private readonly waiting = new Set<(error: Error) => void>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly ports: ConnectionPorts) {}

  onReconnect(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  get isOpen(): boolean {
    return this.line !== null;
  }

  open(): void {
    this.line = { isOpen: true, isIdentified: false, lastArrivalMs: 0, lastReplyMs: 0 };
    for (const listener of this.listeners) this.ports.deliver(listener);
  }

  /** @param isServerGone what has not arrived never will */
  break(isServerGone: boolean): void {
    const { line } = this;
    if (!line) return;
    this.line = null;
    if (isServerGone) line.isOpen = false;
    for (const reject of [...this.waiting]) reject(new Error('connection lost'));
  }

  /**
   * Sends a command.
   * @param mayBeLate `false` for one that must not be carried out after its caller was answered
   * @throws StoreUnavailableError
   */
  send<Result>(apply: (store: MemoryRoutingStore) => Promise<Result>, { mayBeLate = true } = {}): Promise<Result> {
    const { line } = this;
    const { random, time, quality, deliver } = this.ports;
    if (!line) return Promise.reject(new StoreUnavailableError(new Error('not connected'), false));
    return new Promise((resolve, reject) => {
      let isSettled = false;
      const settle = (finish: () => void): void => {
        if (isSettled) return;
        isSettled = true;
        this.waiting.delete(fail);
        deliver(finish);
      };
      const fail = (error: Error): void => settle(() => reject(new StoreUnavailableError(error)));
      this.waiting.add(fail);
      time.after(COMMAND_TIMEOUT_MS, () => fail(new Error('command timed out')));
      const delayMs = random.chance(quality.slow) ? random.between(100, 2_500) : 0.2 + random.next();
      line.lastArrivalMs = Math.max(line.lastArrivalMs, time.nowMs + delayMs);
      const sentMs = time.nowMs;
      const isReplyLost = random.chance(quality.lostReply);
      time.after(line.lastArrivalMs - time.nowMs, () => {
        if (!line.isOpen) return;
        const result = this.arrive(line, apply);
        // It is looked at when the answer arrives, if it does.
        result.catch(() => undefined);
        if (!mayBeLate) this.reportIfLate(time.nowMs - sentMs, result);
        if (isReplyLost || this.line !== line) return;
        line.lastReplyMs = Math.max(line.lastReplyMs, time.nowMs + 0.2 + random.next());
        time.after(line.lastReplyMs - time.nowMs, () => {
          result.then(
            (value) => settle(() => resolve(value)),
            (error: unknown) => settle(() => reject(error as Error)),
          );
        });
      });
    });
  }

  /** A command that comes late is refused, which rejects. */
  private reportIfLate(delayMs: number, result: Promise<unknown>): void {
    if (delayMs <= COMMAND_TIMEOUT_MS) return;
    result.then(
      () => this.ports.carriedOutLate(delayMs),
      () => undefined,
    );
  }

  /** The first command on a connection asks which store it is. */
  private arrive<Result>(
    line: { isIdentified: boolean },
    apply: (store: MemoryRoutingStore) => Promise<Result>,
  ): Promise<Result> {
    const { store } = this.ports;
    if (!line.isIdentified) store.run((data) => data.connected());
    line.isIdentified = true;
    return store.run(apply);
  }
}
