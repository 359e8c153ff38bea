/** The store could not be reached, or did not answer in time. Whether the operation took effect is unknown. */
export class StoreUnavailableError extends Error {
  readonly code: string = 'STORE_UNAVAILABLE';

  constructor(cause: unknown) {
    super('store unavailable', { cause });
  }
}

/**
 * The store gives no new calls for a moment, since it may have lost some of them in a failover; calls that it has are
 * served. Nothing was changed.
 */
export class FailoverHoldError extends StoreUnavailableError {
  override readonly code = 'FAILOVER_HOLD';

  constructor() {
    super(new Error('no new calls for a moment after a failover'));
  }
}

/** The store has become that of another installation. Nothing was read from it or written to it. */
export class WrongStoreError extends StoreUnavailableError {
  override readonly code = 'WRONG_STORE';

  constructor(
    /** The mark of the store that was met. */
    readonly mark: string,
  ) {
    super(new Error(`the store carries the mark ${mark} of another one`));
    this.message = `wrong store: it carries the mark ${mark}`;
  }
}

/**
 * A key of the store holds another type than it should, put there by hand or by another program. Nothing was changed.
 * The leader sets aside what stands in the way where the key can be written anew from the rest.
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
