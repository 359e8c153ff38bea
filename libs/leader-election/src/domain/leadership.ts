/** One period of leading. */
export interface Term {
  /** The fencing token that goes with every write. */
  readonly epoch: number;
  readonly identity: string;
  /** Aborted when the term ends, for whatever reason: work stops at once. */
  readonly signal: AbortSignal;
  /**
   * To be called before each write. Ends the term where its time has run out and no timer could say so yet, as in a
   * process that was paused. @throws the reason why the term is over
   */
  assertCurrent(): void;
  /**
   * Calls the listener when the store does not know this term any more although it was announced: the store lost its data, or could
   * not be reached until the announcement had run out. The listener must not throw.
   * @returns a function that ends it
   */
  onDataLoss(listener: () => void): () => void;
  /** The store refused a write for its epoch, so that somebody else leads by now: ends the term. */
  end(cause: unknown): void;
}

/** How this process comes to lead, and ceases to. */
export interface Leadership {
  /**
   * Calls `lead` for every term, one at a time, until the signal is aborted or leading is over for good. `lead` must
   * settle soon after its term's signal is aborted; leadership is handed over only after it has. A term ends, too,
   * when `lead` settles by itself.
   * @param onWaiting called, perhaps many times, when it is known that this process does not lead for now; must not throw
   * @returns after the last term is handed over @throws what `lead` threw, where leading is over for good then
   */
  run(lead: (term: Term) => Promise<void>, signal: AbortSignal, onWaiting?: () => void): Promise<void>;

  /** Who leads as far as this process has seen; `null` for nobody, or where it does not look. */
  holder(): string | null;

  /** @throws LeaseOverrunError where work continues although the time to do it is long over */
  check(): void;
}
