/** The store could not be reached, or did not answer in time. Whether the operation took effect is unknown. */
export class StoreUnavailableError extends Error {
  readonly code: string = 'STORE_UNAVAILABLE';
  /** Whether the store did not answer in time. Otherwise it refused, or there was no connection to it. */
  readonly isTimeout: boolean;

  constructor(
    /** Why; an error whose `isTimeout` is `true` says that time ran out. */
    cause: unknown,
    /** `false` where it is certain that the operation has had no effect and will have none. */
    readonly mayHaveTakenEffect = true,
    /** For health: since when, in ISO 8601, and why, as a code. Fit for anybody. */
    readonly facts?: { readonly since: string; readonly reason?: string },
  ) {
    super('store unavailable', { cause });
    this.isTimeout = (cause as { isTimeout?: unknown } | null | undefined)?.isTimeout === true;
  }
}

/**
 * The store may have lost what it acknowledged, and the processes that know of it replay it first. Nothing was done; soon
 * the same may be asked again.
 */
export class StoreHeldError extends StoreUnavailableError {
  override readonly code = 'STORE_RECOVERING';

  constructor() {
    super(new Error('calls are held until processes have replayed what the store may have lost'), false);
    this.message = 'store recovering';
  }
}

/** The command arrived after its limit, and changed nothing. */
export class LateCommandError extends StoreUnavailableError {
  override readonly code = 'STORE_UNAVAILABLE';

  constructor(
    /** The store's Unix time when it arrived, in milliseconds. */
    readonly storeTimeMs: number,
  ) {
    super(new Error('the command arrived too late to take effect'), false);
  }
}

/** The store has become that of another installation. Nothing was read from it or written to it. */
export class WrongStoreError extends StoreUnavailableError {
  override readonly code = 'WRONG_STORE';

  constructor(
    /** The mark of the store that was met. */
    readonly mark: string,
  ) {
    super(new Error('this is the mark of another installation'), false);
    this.message = `wrong store: it carries the mark ${mark}`;
  }
}

/**
 * A key of the store holds another type than it should, put there by hand or by another program. Nothing was changed.
 * The leader quarantines what stands in the way where the key can be written anew from the rest.
 */
export class StoreDamagedError extends Error {
  readonly code = 'STORE_DAMAGED';

  constructor(
    /** What Redis said, with the key where the script looked for it. */
    readonly reason: string,
  ) {
    super(`store damaged: ${reason}`);
  }
}

/** A former leader wrote; a newer epoch has written before. Nothing was changed. */
export class StaleEpochError extends Error {
  readonly code = 'STALE_EPOCH';

  constructor(readonly epoch: number) {
    super(`epoch ${epoch} is not the newest`);
  }
}

/** The pool has no policy: `configurePool` was not called for it. Nothing was changed. */
export class UnknownPoolError extends Error {
  readonly code = 'UNKNOWN_POOL';

  constructor(readonly pool: string) {
    super(`pool ${pool} is not configured`);
  }
}

/** The name cannot be a key, or would write over another key. Nothing was changed. */
export class InvalidPodNameError extends Error {
  readonly code = 'INVALID_POD_NAME';

  constructor(readonly podName: string) {
    super(`${JSON.stringify(podName)} cannot be the name of a pod`);
  }
}
