import {
  type ChangeNote,
  type Hint,
  type Hints,
  StoreUnavailableError,
  type TierConfigDocument,
} from '@smart-router/routing-store';
import type { TierConfigDocuments } from '../domain/tier-config-revisions';

/** A store of tier configs whose text a test changes as an operator does by hand, and which can be cut off. */
export class HandEditedStore implements TierConfigDocuments, Pick<Hints, 'subscribe'> {
  text: string | null = null;
  lastVersion = 0;
  reachable = true;
  reads = 0;
  readonly history: { readonly version: number; readonly text: string }[] = [];
  readonly notes: ChangeNote[] = [];
  /** Runs once, between the moment at which the next read takes place and the arrival of its answer. */
  beforeNextAnswer: (() => Promise<void>) | null = null;
  /** The same for the next replacement. */
  beforeNextReplacementAnswer: (() => Promise<void>) | null = null;
  private readonly listeners = new Set<() => void>();

  get subscribers(): number {
    return this.listeners.size;
  }

  async readTierConfig(): Promise<TierConfigDocument> {
    this.checkReachable();
    this.reads += 1;
    const document = { text: this.text, lastVersion: this.lastVersion };
    const hook = this.beforeNextAnswer;
    this.beforeNextAnswer = null;
    await hook?.();
    return document;
  }

  async createTierConfig(text: string): Promise<string> {
    this.checkReachable();
    this.text ??= text;
    return this.text;
  }

  async replaceTierConfig(expected: string | null, text: string, version: number, note: ChangeNote): Promise<boolean> {
    this.checkReachable();
    if (this.text !== expected) return false;
    this.notes.push(note);
    this.text = text;
    this.lastVersion = version;
    this.history.unshift({ version, text });
    const hook = this.beforeNextReplacementAnswer;
    this.beforeNextReplacementAnswer = null;
    await hook?.();
    return true;
  }

  async tierConfigHistory(): Promise<readonly { readonly version: number; readonly text: string }[]> {
    this.checkReachable();
    return this.history;
  }

  /** What the store does when another replica changes the config. */
  notifyListeners(): void {
    for (const listener of this.listeners) listener();
  }

  subscribe(hint: Hint, listener: () => void): () => void {
    if (hint !== 'tier-config-changed') throw new Error(`unexpected hint ${hint}`);
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private checkReachable(): void {
    if (!this.reachable) throw new StoreUnavailableError(new Error('cut off'));
  }
}
