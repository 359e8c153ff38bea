import type { Page, PageRequest } from './fleet-reader';

/** Who asked for a change, and by which request. */
export interface ChangeAuthor {
  /** The name of the API key; `open` where the API asks for none. */
  readonly actor: string;
  readonly requestId: string;
  readonly clientAddress: string;
}

/** What can be changed, as `<subject>.<verb>`. */
export const CHANGE_ACTIONS = [
  'tier_config.put',
  'tier_config.rollback',
  /** A process stored the config of its environment, as the store had none. */
  'tier_config.seed',
  /** A process stored the config in force again, as the store had lost it. */
  'tier_config.restore',
  'merchant.put',
  'merchant.delete',
  'merchant.rollback',
  'pod.drain',
  'pod.undrain',
  /** A component of one process was stopped and started again. */
  'component.reinitialize',
] as const;

export type ChangeAction = (typeof CHANGE_ACTIONS)[number];

/** What the change log says of a change beside its content. */
export interface ChangeNote extends ChangeAuthor {
  readonly action: ChangeAction;
}

/** The author of changes that the product makes by itself. */
export const PRODUCT_AUTHOR: ChangeAuthor = { actor: 'smart-router', requestId: '', clientAddress: '' };

/** How many changes are kept. */
export const CHANGES_KEPT = 2_000;

/** A longer text before or after a change is cut to this many bytes. */
export const CHANGE_TEXT_BYTES = 4_096;

export interface ChangeRecord extends ChangeNote {
  /** Its place in the order of all changes; also the cursor of the page that it ends. */
  readonly id: string;
  /** Unix time in milliseconds, by the clock of the store. */
  readonly timeMs: number;
  /** The merchant, pod or component; empty for the tier config. */
  readonly subject: string;
  /** The version that the change made; `null` where there are none. */
  readonly version: number | null;
  /** What was stored, as text, perhaps cut; `null` for nothing. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Only records of which all that is given holds. */
export type ChangeFilter = Partial<Pick<ChangeRecord, 'action' | 'actor' | 'subject' | 'requestId'>>;

/** What a change did, for its record. */
export type ChangeContent = Pick<ChangeRecord, 'subject' | 'version' | 'before' | 'after'>;

/**
 * Who changed what. Invariant: a change of the store and its record are written by one atomic operation, so that neither
 * exists without the other. An operation that changed nothing has no record.
 */
export interface ChangeLog {
  /** Records a change of something else than the store, after it was made. @throws StoreUnavailableError, WrongStoreError */
  record(note: ChangeNote, content: ChangeContent): Promise<void>;
  /** Newest first, the last `CHANGES_KEPT`. A page may be shorter than `limit` before the end. */
  changes(request: PageRequest, filter?: ChangeFilter): Promise<Page<ChangeRecord>>;
}

export function matchesChange(filter: ChangeFilter, record: ChangeRecord): boolean {
  return Object.entries(filter).every(
    ([field, wanted]) => wanted === undefined || record[field as keyof ChangeFilter] === wanted,
  );
}
