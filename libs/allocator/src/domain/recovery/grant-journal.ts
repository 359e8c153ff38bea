import { type CallOwner, ownerOf, type ReassertCallCommand } from '@smart-router/routing-store';
import { FlatMap } from './flat-map';

/** The end of a call, as it was acknowledged. */
export type JournaledEnd =
  /** By a release, of all grants of the call up to this number. */
  | { readonly kind: 'release'; readonly callSid: string; readonly upToNumber: number }
  /** By a status callback, which bars the call for these owners. */
  | {
      readonly kind: 'end-call';
      readonly callSid: string;
      readonly upToNumber: number;
      readonly owners: readonly CallOwner[];
    };

interface RecalledEntries {
  readonly grants: readonly ReassertCallCommand[];
  readonly ends: readonly JournaledEnd[];
}

export type JournalEntryKind = 'grant' | 'end' | 'unknown-end';

interface GrantJournalOptions {
  /** How far back from the last contact with the store entries are kept. */
  readonly windowMs: number;
  /** No more of each kind are kept; the oldest go first. */
  readonly maxEntries: number;
  /** Called for each entry that goes before its time, since there are too many of its kind. */
  readonly onDropped?: (kind: JournalEntryKind, atMs: number) => void;
}

/** Ends are kept a little longer than grants, so that no grant of another process outlives the end that this one knows. */
const EXTRA_FOR_ENDS_MS = 15_000;
/**
 * What is older is not replayed any more, however long the store was away: the marks of ended grants, which keep late
 * replays from bringing calls back, last 120 s.
 */
const MAX_AGE_MS = 90_000;
/**
 * For the JSON of an entry with names as they are usual, as those of Kubernetes and UUIDs. Longer ones, up to the 128
 * characters that a name may have, may take as much again.
 */
const GRANT_BYTES = 320;
const END_BYTES = 128;

/**
 * What this process has acknowledged a short while ago. Time counts up to the last contact with the store: until it is
 * known that nothing was lost since, nothing is forgotten but for its number. An answer of the store alone does not show
 * that, since it may come from one that has taken over.
 *
 * Invariant: an end that this process knows is younger than the grant that it ended, wherever that one is journaled. So no
 * grant is replayed whose end was forgotten first.
 */
export class GrantJournal {
  /** By call; in the order in which they were acknowledged, as are the ends. */
  private readonly grants: FlatMap<ReassertCallCommand>;
  private readonly ends: FlatMap<JournaledEnd>;
  /** Of calls that were unknown when they were ended: anybody may ask for those, so they displace no others. */
  private readonly unknownEnds: FlatMap<JournaledEnd>;

  constructor(private readonly options: GrantJournalOptions) {
    const { maxEntries, onDropped } = options;
    const mapOf = <Value>(kind: JournalEntryKind, slotBytes: number, key: (value: Value) => string) => {
      const bounds = { maxEntries, slotBytes, maxLongChars: maxEntries * slotBytes };
      return new FlatMap(key, bounds, (atMs) => onDropped?.(kind, atMs));
    };
    this.grants = mapOf('grant', GRANT_BYTES, ({ callSid }: ReassertCallCommand) => callSid);
    this.ends = mapOf('end', END_BYTES, keyOf);
    this.unknownEnds = mapOf('unknown-end', END_BYTES, keyOf);
  }

  /** @param atMs of a clock that never goes back, as everywhere here */
  granted(command: ReassertCallCommand, atMs: number): void {
    this.grants.set(command, atMs);
  }

  ended(end: JournaledEnd, atMs: number): void {
    this.forgetGrantOf(end);
    this.put(this.ends, end, atMs);
  }

  /** The call was not known, or not any more, when it was ended. */
  endedUnknown(end: JournaledEnd, atMs: number): void {
    this.put(this.forgetGrantOf(end) ? this.ends : this.unknownEnds, end, atMs);
  }

  /** The store knows the end since this moment: a loss that begins later is another one. */
  replayedEnd(end: JournaledEnd, atMs: number): void {
    for (const entries of [this.ends, this.unknownEnds]) {
      if (entries.get(keyOf(end))) this.put(entries, end, atMs);
    }
  }

  /** At this moment the store had lost nothing: what lies long before it is safe. */
  confirmed(atMs: number): void {
    const beforeMs = atMs - this.options.windowMs;
    this.grants.deleteBefore(beforeMs);
    this.ends.deleteBefore(beforeMs - EXTRA_FOR_ENDS_MS);
    this.unknownEnds.deleteBefore(beforeMs - EXTRA_FOR_ENDS_MS);
  }

  /** The grants of the call up to this number are over. */
  forgetGrant(callSid: string, upToNumber: number): void {
    this.grants.delete(callSid, ({ grant }) => grant.number <= upToNumber);
  }

  /** @returns whether the grant that was known of the call is one that this end is about */
  private forgetGrantOf(end: JournaledEnd): boolean {
    return this.grants.delete(
      end.callSid,
      ({ grant, provider }) =>
        grant.number <= end.upToNumber && (end.kind === 'release' || end.owners.includes(ownerOf(provider))),
    );
  }

  /** What may be lost, the latest grants first. */
  recall(nowMs: number): RecalledEntries {
    const sinceMs = nowMs - MAX_AGE_MS;
    return {
      grants: this.grants.values(sinceMs).reverse(),
      ends: [...this.ends.values(sinceMs), ...this.unknownEnds.values(sinceMs)],
    };
  }

  private put(entries: FlatMap<JournaledEnd>, end: JournaledEnd, atMs: number): void {
    const known = entries.get(keyOf(end));
    entries.set(known && known.upToNumber > end.upToNumber ? known : end, atMs);
  }
}

/** Under which an end is found that is asked for twice. */
export function keyOf(end: JournaledEnd): string {
  const { callSid, kind } = end;
  return kind === 'release' ? `${kind} ${callSid}` : `${kind} ${callSid} ${end.owners.join(' ')}`;
}
