import { type CallOwner, ownerOf, type ReassertCallCommand } from '@smart-router/routing-store';

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

interface GrantJournalOptions {
  /** How far back from the last contact with the store entries are kept. */
  readonly windowMs: number;
  /** No more of either kind are kept, and the latest seven eighths as many always; the oldest go first. */
  readonly maxEntries: number;
}

/** Ends are kept a little longer than grants, so that no grant of another process outlives the end that this one knows. */
const EXTRA_FOR_ENDS_MS = 15_000;
/**
 * What is older is not replayed any more, however long the store was away: the marks of ended grants, which keep late
 * replays from bringing calls back, last 120 s.
 */
const MAX_AGE_MS = 90_000;
/**
 * Where there are too many, more go than need to: V8 keeps the places of deleted entries for a while, and whoever looks
 * for the oldest entry walks over all of them, which must not happen with every call.
 */
const KEPT_SHARE = 7 / 8;

interface Entry<Value> {
  readonly value: Value;
  readonly atMs: number;
}

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
  private readonly grants = new Map<string, Entry<ReassertCallCommand>>();
  private readonly ends = new Map<string, Entry<JournaledEnd>>();
  /** Of calls that were unknown when they were ended: anybody may ask for those, so they displace no others. */
  private readonly unknownEnds = new Map<string, Entry<JournaledEnd>>();

  constructor(private readonly options: GrantJournalOptions) {}

  /** @param atMs of a clock that never goes back, as everywhere here */
  granted(command: ReassertCallCommand, atMs: number): void {
    this.grants.delete(command.callSid);
    this.grants.set(command.callSid, { value: command, atMs });
    this.bound(this.grants);
  }

  ended(end: JournaledEnd, atMs: number): void {
    if (this.concernsKnownGrant(end)) this.grants.delete(end.callSid);
    this.put(this.ends, end, atMs);
  }

  /** The call was not known, or not any more, when it was ended. */
  endedUnknown(end: JournaledEnd, atMs: number): void {
    if (this.concernsKnownGrant(end)) this.ended(end, atMs);
    else this.put(this.unknownEnds, end, atMs);
  }

  /** The store knows the end since this moment: a loss that begins later is another one. */
  replayedEnd(end: JournaledEnd, atMs: number): void {
    for (const entries of [this.ends, this.unknownEnds]) {
      if (entries.has(keyOf(end))) this.put(entries, end, atMs);
    }
  }

  /** At this moment the store had lost nothing: what lies long before it is safe. */
  confirmed(atMs: number): void {
    const { windowMs, maxEntries } = this.options;
    forgetOld(this.grants, atMs - windowMs, maxEntries);
    forgetOld(this.ends, atMs - windowMs - EXTRA_FOR_ENDS_MS, maxEntries);
    forgetOld(this.unknownEnds, atMs - windowMs - EXTRA_FOR_ENDS_MS, maxEntries);
  }

  /** The grants of the call up to this number are over. */
  forgetGrant(callSid: string, upToNumber: number): void {
    const known = this.grants.get(callSid);
    if (known && known.value.grant.number <= upToNumber) this.grants.delete(callSid);
  }

  /** Whether the grant that is known of the call is one that this end is about. */
  private concernsKnownGrant(end: JournaledEnd): boolean {
    const known = this.grants.get(end.callSid)?.value;
    if (!known || known.grant.number > end.upToNumber) return false;
    return end.kind === 'release' || end.owners.includes(ownerOf(known.provider));
  }

  /** What may be lost, the latest grants first. */
  recall(nowMs: number): RecalledEntries {
    const recent = <Value>(entries: Map<string, Entry<Value>>): Value[] =>
      [...entries.values()].filter(({ atMs }) => nowMs - atMs <= MAX_AGE_MS).map(({ value }) => value);
    return {
      grants: recent(this.grants).reverse(),
      ends: [...recent(this.ends), ...recent(this.unknownEnds)],
    };
  }

  private put(entries: Map<string, Entry<JournaledEnd>>, end: JournaledEnd, atMs: number): void {
    const key = keyOf(end);
    const known = entries.get(key)?.value;
    entries.delete(key);
    entries.set(key, { value: known && known.upToNumber > end.upToNumber ? known : end, atMs });
    this.bound(entries);
  }

  private bound(entries: Map<string, Entry<unknown>>): void {
    const { maxEntries } = this.options;
    if (entries.size > maxEntries) forgetOld(entries, -Infinity, Math.ceil(maxEntries * KEPT_SHARE));
  }
}

/** Under which an end is found that is asked for twice. */
export function keyOf(end: JournaledEnd): string {
  const { callSid, kind } = end;
  return kind === 'release' ? `${kind} ${callSid}` : `${kind} ${callSid} ${end.owners.join(' ')}`;
}

function forgetOld<Value>(entries: Map<string, Entry<Value>>, beforeMs: number, maxEntries: number): void {
  for (const [key, { atMs }] of entries) {
    if (atMs >= beforeMs && entries.size <= maxEntries) return;
    entries.delete(key);
  }
}
