import type { ReassertCallCommand } from '@smart-router/routing-store';

/** The end of a call, as it was acknowledged. */
export type RememberedEnd =
  /** By a release, of this grant. */
  | { readonly kind: 'release'; readonly callSid: string; readonly grantNumber: number }
  /** By a status callback, of whatever the call held. */
  | { readonly kind: 'end-call'; readonly callSid: string };

export interface RecalledPast {
  /** The latest first: where two name one pod, the earlier had ended when the later was given. */
  readonly grants: readonly ReassertCallCommand[];
  readonly ends: readonly RememberedEnd[];
}

export interface GrantMemoryOptions {
  /** Grants are remembered for so long before the last contact with the store. */
  readonly windowMs: number;
  /** No more of either are remembered, and the latest seven eighths as many always; the oldest go first. */
  readonly maxEntries: number;
}

/** Ends are kept a little longer than grants, so that no grant of another replica outlives the end that this one knows. */
const EXTRA_FOR_ENDS_MS = 15_000;
/**
 * What is older is not told any more, however long the store was away: the marks of ended grants, which keep late
 * re-assertions from bringing calls back, last 120 s.
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
 * What this replica has acknowledged a short while ago. Time counts up to the last contact with the store: until it is
 * known that nothing was lost since, nothing is forgotten but for its number. An answer of the store alone does not tell
 * that, since it may come from one that has taken over.
 */
export class GrantMemory {
  /** By call; in the order in which they were acknowledged, as are the ends. */
  private readonly grants = new Map<string, Entry<ReassertCallCommand>>();
  private readonly ends = new Map<string, Entry<RememberedEnd>>();

  constructor(private readonly options: GrantMemoryOptions) {}

  /** @param atMs of a clock that never goes back, as everywhere here */
  granted(command: ReassertCallCommand, atMs: number): void {
    const known = this.grants.get(command.callSid);
    // The same grant, told once more, is as old as it was.
    if (known?.value.grant.number === command.grant.number) return;
    this.grants.delete(command.callSid);
    this.grants.set(command.callSid, { value: command, atMs });
    this.bound(this.grants);
  }

  ended(end: RememberedEnd, atMs: number): void {
    if (end.kind === 'end-call') this.grants.delete(end.callSid);
    else this.forgetGrant(end.callSid, end.grantNumber);
    const key = end.kind === 'release' ? `${end.callSid}:${end.grantNumber}` : end.callSid;
    this.ends.delete(key);
    this.ends.set(key, { value: end, atMs });
    this.bound(this.ends);
  }

  /** At this moment the store had lost nothing: what lies long before it is safe. */
  contact(atMs: number): void {
    const { windowMs, maxEntries } = this.options;
    forgetOld(this.grants, atMs - windowMs, maxEntries);
    forgetOld(this.ends, atMs - windowMs - EXTRA_FOR_ENDS_MS, maxEntries);
  }

  forgetGrant(callSid: string, grantNumber: number): void {
    if (this.grants.get(callSid)?.value.grant.number === grantNumber) this.grants.delete(callSid);
  }

  /** The number of the call's latest grant. */
  grantNumber(callSid: string): number | undefined {
    return this.grants.get(callSid)?.value.grant.number;
  }

  recall(nowMs: number): RecalledPast {
    const recent = <Value>(entries: Map<string, Entry<Value>>): Value[] =>
      [...entries.values()].filter(({ atMs }) => nowMs - atMs <= MAX_AGE_MS).map(({ value }) => value);
    return { grants: recent(this.grants).reverse(), ends: recent(this.ends) };
  }

  private bound(entries: Map<string, Entry<unknown>>): void {
    const { maxEntries } = this.options;
    if (entries.size > maxEntries) forgetOld(entries, -Infinity, Math.ceil(maxEntries * KEPT_SHARE));
  }
}

function forgetOld<Value>(entries: Map<string, Entry<Value>>, beforeMs: number, maxEntries: number): void {
  for (const [key, { atMs }] of entries) {
    if (atMs >= beforeMs && entries.size <= maxEntries) return;
    entries.delete(key);
  }
}
