import { WrongStoreError } from '../domain/errors';

/** What a store says of itself. Times are its own, in Unix milliseconds. */
export interface StoreMark {
  readonly mark: string;
  readonly sinceMs: number;
  readonly nowMs: number;
}

export interface StoreIdentityOptions {
  /**
   * Asks the store for its mark, and leaves this one where it has none. A store with this mark is looked at for lost data.
   * @throws StoreUnavailableError
   */
  readonly identify: (mark: string) => Promise<StoreMark>;
  /** The mark that the store must have; `null`: the one that it has when the process starts. */
  readonly required: string | null;
  /** A mark that no store has. */
  readonly newMark: () => string;
  /** Told when it turns out that this is another store, and when it is the right one again. */
  readonly onChange: (isWrong: boolean, mark: string) => void;
}

/** Clocks of two servers differ by less. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * Keeps a process from writing into the data of another installation, where an address, a database number or a prefix
 * has come to mean another one than before.
 *
 * The store carries a mark, which each process remembers. A store without one was emptied, and is given the remembered
 * one. Another mark that is younger than the last look at the remembered one was left by another process after the
 * store was emptied, and is adopted. One that is older belongs to a store that existed beside the own one.
 */
export class StoreIdentity {
  private known: { readonly mark: string; readonly seenAtMs: number } | null = null;
  private own = false;
  private wrong = false;
  private running: Promise<void> | null = null;

  constructor(private readonly options: StoreIdentityOptions) {}

  /** Whether the store is known to be the own one, as far as nothing has happened since. */
  get isOwn(): boolean {
    return this.own;
  }

  /** The connection was lost: whoever answers next must be asked first. */
  doubt(): void {
    this.own = false;
  }

  /** Asks the store; those who ask at the same time share the answer. @throws WrongStoreError, StoreUnavailableError */
  verify(): Promise<void> {
    this.running ??= this.ask().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async ask(): Promise<void> {
    const { identify, newMark, required } = this.options;
    const expected = required ?? this.known?.mark ?? newMark();
    const answer = await identify(expected);
    const isOwn = this.accepts(answer);
    // Only who names the mark may change anything.
    if (isOwn && answer.mark !== expected) await identify(answer.mark);
    this.own = isOwn;
    if (this.wrong === isOwn) {
      this.wrong = !isOwn;
      this.options.onChange(this.wrong, answer.mark);
    }
    if (!isOwn) throw new WrongStoreError(answer.mark);
    this.known = { mark: answer.mark, seenAtMs: answer.nowMs };
  }

  private accepts({ mark, sinceMs }: StoreMark): boolean {
    if (this.options.required !== null) return mark === this.options.required;
    if (this.known === null || mark === this.known.mark) return true;
    return sinceMs > this.known.seenAtMs - CLOCK_TOLERANCE_MS;
  }
}
