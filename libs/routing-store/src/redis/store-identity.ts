import { WrongStoreError } from '../domain/errors';

/** What a store says of itself. Times are its own, in Unix milliseconds. */
export interface InstanceId {
  readonly mark: string;
  readonly sinceMs: number;
  readonly nowMs: number;
  /** All that the key of the mark holds: the same mark that was left anew is another text. */
  readonly text: string;
  /** The replication id of the server. While it stays the same, so does the clock that the times are of. */
  readonly replicationId: string;
}

export interface StoreIdentityOptions {
  /**
   * Asks the store for its mark, and leaves this one where it has none.
   * @param mayBeginGeneration whether a store with this mark is looked at for lost data, too
   * @throws StoreUnavailableError
   */
  readonly identify: (mark: string, mayBeginGeneration: boolean) => Promise<InstanceId>;
  /** The mark that the store must have; `null`: the one that it has when the process starts. */
  readonly required: string | null;
  /** A mark that no store has. */
  readonly newMark: () => string;
  /** Called when it turns out that this is another store, and when it is the right one again. */
  readonly onChange: (isWrong: boolean, mark: string) => void;
  /** Called when the own store does not hold any more what it held at the last look: the mark was left in it anew. */
  readonly onEmptied: () => void;
}

/**
 * Between two servers times are compared that are of two clocks, which time synchronization keeps closer together than this.
 * Where they are not, a store that was emptied is refused until a restart; a larger value would adopt foreign stores.
 */
const CLOCK_TOLERANCE_MS = 2_000;

/**
 * Keeps a process from writing into the data of another installation, where an address, a database number or a prefix
 * has come to mean another one than before.
 *
 * The store carries a mark, which each process remembers. A store without one was emptied, and is given the remembered
 * one. Another mark that is younger than the last look at the remembered one was left by another process after the
 * store was emptied, and is adopted. One that is older belongs to a store that existed beside the own one.
 *
 * Every script compares the mark, too (`own-store-scripts.ts`), so that nothing happens between two looks either.
 */
export class StoreIdentity {
  private known: InstanceId | null = null;
  private own = false;
  private wrong = false;
  private running: Promise<void> | null = null;

  constructor(private readonly options: StoreIdentityOptions) {}

  /** Whether the store is known to be the own one, as far as nothing has happened since. */
  get isOwn(): boolean {
    return this.own;
  }

  /** Whether the store was another one when it was asked last. */
  get isWrong(): boolean {
    return this.wrong;
  }

  /** What the key of the mark held at the last look at the own store; empty before the first one. */
  get markText(): string {
    return this.known?.text ?? '';
  }

  /** The connection was lost, or the mark was not the known one: whoever answers next must be asked first. */
  markUnverified(): void {
    this.own = false;
  }

  /**
   * Asks the store; those who ask at the same time share the answer.
   * @param mayBeginGeneration `false` on a connection that was never lost: calls are held by the lack of a generation until
   * somebody looks who replays what was lost
   * @throws WrongStoreError, StoreUnavailableError
   */
  verify({ mayBeginGeneration = true } = {}): Promise<void> {
    this.running ??= this.ask(mayBeginGeneration).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async ask(mayBeginGeneration: boolean): Promise<void> {
    const { identify, newMark, required } = this.options;
    const expected = required ?? this.known?.mark ?? newMark();
    const answer = await identify(expected, mayBeginGeneration);
    const isOwn = this.accepts(answer);
    // Only who names the mark may change anything.
    if (isOwn && answer.mark !== expected) await identify(answer.mark, mayBeginGeneration);
    this.own = isOwn;
    if (this.wrong === isOwn) {
      this.wrong = !isOwn;
      this.options.onChange(this.wrong, answer.mark);
    }
    if (!isOwn) throw new WrongStoreError(answer.mark);
    if (this.known !== null && this.known.text !== answer.text) this.options.onEmptied();
    this.known = answer;
  }

  private accepts({ mark, sinceMs, replicationId }: InstanceId): boolean {
    if (this.options.required !== null) return mark === this.options.required;
    if (this.known === null || mark === this.known.mark) return true;
    const toleranceMs = replicationId === this.known.replicationId ? 0 : CLOCK_TOLERANCE_MS;
    return sinceMs > this.known.nowMs - toleranceMs;
  }
}
