/** A figure of a page that a constant of the code decides. Who changes one of the two looks at the other. */
export interface Figure {
  readonly page: string;
  /** What the page says, without regard to line breaks. */
  readonly says: string;
  readonly file: string;
  readonly constant: string;
  readonly value: number;
}

const KIB = 1024;

/** [page, what it says, file, constant, value] */
const TABLE: readonly [page: string, says: string, file: string, constant: string, value: number][] = [
  ['api.md', 'at most 64 KiB', 'libs/settings/src/build-settings.ts', 'BODY_LIMIT_BYTES', 64 * KIB],
  ['reference/errors.md', 'more than 64 KiB', 'libs/settings/src/build-settings.ts', 'BODY_LIMIT_BYTES', 64 * KIB],
  ['reference/errors.md', 'more than 16 KiB', 'libs/http/src/http-adapter.ts', 'MAX_HEAD_BYTES', 16 * KIB],
  ['reference/errors.md', 'more than 32 ahead', 'libs/http/src/limits/requests-per-connection.ts', 'MAX_IN_FLIGHT', 32],
  ['security.md', '32 at a time', 'libs/http/src/limits/requests-per-connection.ts', 'MAX_IN_FLIGHT', 32],
  ['security.md', '500 fields in a form', 'libs/providers/src/domain/form-body.ts', 'MAX_FORM_FIELDS', 500],
  ['api.md', '1 to 500, 100 unless given', 'libs/http-api/src/inputs/page-query.dto.ts', 'MAX_LIMIT', 500],
  ['api.md', '1 to 500, 100 unless given', 'libs/http-api/src/inputs/page-query.dto.ts', 'DEFAULT_LIMIT', 100],
  ['api.md', 'a process lets 1000 wait', 'libs/allocator/src/domain/drain-waiter.ts', 'MAX_WAITERS', 1_000],
  ['api.md', 'up to `30d`', 'libs/http-api/src/pods/drain-ttl.ts', 'MAX_SECONDS', 30 * 24 * 3_600],
  [
    'api.md',
    'The last 20 versions',
    'libs/routing-store/src/domain/merchant-documents.ts',
    'MERCHANT_VERSIONS_KEPT',
    20,
  ],
  [
    'api.md',
    'the 10,000 merchants',
    'libs/routing-store/src/domain/merchant-documents.ts',
    'MERCHANT_HISTORIES_KEPT',
    10_000,
  ],
  ['api.md', 'The last 2,000 are kept', 'libs/routing-store/src/domain/change-log.ts', 'CHANGES_KEPT', 2_000],
  ['api.md', 'cut to 4 KiB', 'libs/routing-store/src/domain/change-log.ts', 'CHANGE_TEXT_BYTES', 4 * KIB],
  [
    'api.md',
    'For ten minutes a call that is over',
    'libs/routing-store/src/domain/past-calls.ts',
    'PAST_CALL_MS',
    600_000,
  ],
  [
    'reference/keys.md',
    'nothing is decided by it; 10 minutes',
    'libs/routing-store/src/domain/past-calls.ts',
    'PAST_CALL_MS',
    600_000,
  ],
  [
    'reference/keys.md',
    'grants of the call have ended; 2 minutes',
    'libs/routing-store/src/domain/routing-store.ts',
    'RELEASED_MARK_MS',
    120_000,
  ],
  ['reference/keys.md', 'the last 2,000 changes', 'libs/routing-store/src/domain/change-log.ts', 'CHANGES_KEPT', 2_000],
  [
    'reference/keys.md',
    '`{version} {JSON}`, newest first, 50',
    'libs/routing-store/src/redis/redis-config-documents.ts',
    'HISTORY_LENGTH',
    50,
  ],
  [
    'providers.md',
    'At most 10,000 calls wait',
    'libs/providers/src/domain/end-call-retry-queue.ts',
    'MAX_CALLS',
    10_000,
  ],
  ['providers.md', 'ten times in all', 'libs/providers/src/domain/end-call-retry-queue.ts', 'MAX_TRIES', 10],
  [
    'providers.md',
    'nine tenths of the request deadline',
    'libs/providers/src/nest/providers.module.ts',
    'SHARE_OF_DEADLINE',
    0.9,
  ],
  ['providers.md', 'more than 600 characters', 'libs/settings/src/media-address-rules.ts', 'EXOTEL_MAX_LENGTH', 600],
  ['operations.md', 'counts for 12 s', 'libs/redis/src/known-replicas.ts', 'ABSENCE_COUNTS_MS', 12_000],
  ['reliability.md', '`all` for 12 s at most', 'libs/redis/src/known-replicas.ts', 'ABSENCE_COUNTS_MS', 12_000],
  [
    'reliability.md',
    'Every process looks every 5 s',
    'libs/routing-store/src/redis/store-watch.ts',
    'INTERVAL_MS',
    5_000,
  ],
  [
    'operations.md',
    'the clocks of two servers differ by more than 2 s',
    'libs/routing-store/src/redis/store-identity.ts',
    'CLOCK_TOLERANCE_MS',
    2_000,
  ],
  [
    'operations.md',
    'more than 5 s further than',
    'libs/pool-manager/src/domain/mass-expiry-guard.ts',
    'TOLERATED_JUMP_MS',
    5_000,
  ],
  [
    'operations.md',
    'waits 10 s before it is offered',
    'libs/pool-manager/src/kubernetes-pods/flap-damper.ts',
    'HOLD_MS',
    10_000,
  ],
  [
    'kubernetes.md',
    'for the third time within a minute',
    'libs/pool-manager/src/kubernetes-pods/flap-damper.ts',
    'LAPSES',
    3,
  ],
  [
    'kubernetes.md',
    'nobody has tried it for two minutes',
    'libs/kubernetes/src/api/failing-calls.ts',
    'FORGOTTEN_AFTER_MS',
    120_000,
  ],
  [
    'kubernetes.md',
    'It looks every 5 s',
    'libs/pool-manager/src/kubernetes-pods/pod-deletion-costs.ts',
    'INTERVAL_MS',
    5_000,
  ],
  [
    'kubernetes.md',
    'no more than ten a second',
    'libs/pool-manager/src/kubernetes-pods/pod-deletion-costs.ts',
    'GAP_MS',
    100,
  ],
  ['kubernetes.md', 'end 20 at a time', 'libs/pool-manager/src/domain/lease-sweeper.ts', 'BATCH', 20],
  [
    'reference/errors.md',
    'saw nobody lead for 30 s',
    'libs/fleet/src/domain/leader-absence.ts',
    'TOLERATED_MS',
    30_000,
  ],
  [
    'configuration.md',
    'The file is read every second',
    'libs/runtime/src/secret-files/secret-files.module.ts',
    'POLL_MS',
    1_000,
  ],
  [
    'configuration.md',
    'if it stays so for 5 s',
    'libs/pool-manager/src/static-pods/pod-file.ts',
    'EMPTY_CONFIRMED_AFTER_MS',
    5_000,
  ],
  [
    'architecture.md',
    'many pods went missing at once: 5 s later',
    'libs/pool-manager/src/domain/mass-removal-guard.ts',
    'CONFIRMED_AFTER_MS',
    5_000,
  ],
];

export const FIGURES: readonly Figure[] = TABLE.map(([page, says, file, constant, value]) => ({
  page,
  says,
  file,
  constant,
  value,
}));
