import { type ChangeAuthor, type ChangeNote, type ConfigDocuments, PRODUCT_AUTHOR } from '@smart-router/routing-store';
import { parseTierConfig, type ValidTierConfig } from './parse-tier-config';
import { type ExpectedState, stateTag } from './precondition';
import type { Problem } from './problem';
import type { TierConfig } from './tier-config';
import { haveSameContent, serialiseTierConfig } from './tier-config-envelope';

export type ReplaceTierConfigOutcome =
  | { readonly kind: 'replaced'; readonly config: TierConfig; readonly warnings: readonly Problem[] }
  /** Nothing was stored. */
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }
  /** Somebody else was faster: read the config again and decide anew. Nothing was stored. */
  | { readonly kind: 'version-conflict'; readonly currentVersion: number }
  /** Nothing was stored. */
  | { readonly kind: 'precondition-failed'; readonly currentTag: string };

export type RollbackTierConfigOutcome =
  ReplaceTierConfigOutcome | { readonly kind: 'unknown-version'; readonly version: number };

/** A config that was in force once. */
export interface TierConfigRevision {
  readonly version: number;
  /** `null` where the text cannot be read any more. */
  readonly config: TierConfig | null;
}

/** The tag of a config, whichever replica shows it. */
export function tierConfigTag(config: TierConfig): string {
  return stateTag(config.version, serialiseTierConfig(config));
}

/** The part of the store that holds the tier config. */
export type TierConfigDocuments = Pick<
  ConfigDocuments,
  'readTierConfig' | 'createTierConfig' | 'replaceTierConfig' | 'tierConfigHistory'
>;

interface StoredVersion {
  readonly text: string | null;
  /** `null` where the text is missing or cannot be read. */
  readonly config: TierConfig | null;
  /** That of `config`, or of what this process serves. */
  readonly tag: string;
  readonly version: number;
  readonly lastVersion: number;
}

const SEED: ChangeNote = { ...PRODUCT_AUTHOR, action: 'tier_config.seed' };
const RESTORE: ChangeNote = { ...PRODUCT_AUTHOR, action: 'tier_config.restore' };

/**
 * Writes new versions of the tier config. Invariant: a version is stored only over the one that the writer had seen,
 * and every version is higher than all before, also after a change by hand. Every method throws
 * `StoreUnavailableError` where the store cannot be reached; whether a version was stored is then unknown.
 */
export class TierConfigRevisions {
  /** @param now Unix time in milliseconds */
  constructor(
    private readonly documents: TierConfigDocuments,
    private readonly now: () => number,
  ) {}

  /**
   * Stores the config as the next version, only where there is none: several replicas may start at once.
   *
   * @param lastVersion the highest version that was ever stored
   * @returns the text that is stored now, perhaps somebody else's
   */
  async seed(initial: TierConfig, lastVersion: number): Promise<string> {
    const version = Math.max(lastVersion + 1, initial.version);
    const text = serialiseTierConfig({ ...initial, version, updatedAt: this.timestamp() });
    // Puts the first version into the history, too, so that the first change can be taken back.
    if (await this.documents.replaceTierConfig(null, text, version, SEED)) return text;
    return this.documents.createTierConfig(text);
  }

  /**
   * Stores a text again where there is none any more, and its version where that is gone, too.
   *
   * @param text as it was stored before
   * @returns whether it was missing
   */
  async restore(text: string, version: number): Promise<boolean> {
    const { text: stored, lastVersion } = await this.documents.readTierConfig();
    if (stored !== null || (await this.documents.createTierConfig(text)) !== text) return false;
    // Who deletes the key by hand leaves the history; a store that lost its data has none.
    if (lastVersion < version) await this.documents.replaceTierConfig(text, text, version, RESTORE);
    return true;
  }

  /**
   * @param body a config in one of the three shapes; its own version and time do not count. The content that is stored
   *   already makes no new version
   * @param expected what the writer had seen
   * @param served what this process serves: it counts while the stored text cannot be read
   */
  replace(body: unknown, expected: ExpectedState, served: TierConfig, by: ChangeAuthor) {
    return this.store(body, expected, served, { ...by, action: 'tier_config.put' });
  }

  /** Stores an earlier version again, as a new one. */
  async rollback(
    toVersion: number,
    expected: ExpectedState,
    served: TierConfig,
    by: ChangeAuthor,
  ): Promise<RollbackTierConfigOutcome> {
    const text = await this.textOf(toVersion);
    if (text === null) return { kind: 'unknown-version', version: toVersion };
    return this.store(text, expected, served, { ...by, action: 'tier_config.rollback' });
  }

  private async store(
    body: unknown,
    expected: ExpectedState,
    served: TierConfig,
    note: ChangeNote,
  ): Promise<ReplaceTierConfigOutcome> {
    const parsed = parseTierConfig(body, { strict: true });
    if (parsed.kind === 'invalid') return parsed;
    const stored = await this.storedVersion(served);
    const refusal = refusalOf(expected, stored);
    if (refusal !== null) return refusal;
    // A version that changes nothing would push one that did out of the history, and make every other writer start over.
    if (stored.config !== null && haveSameContent(parsed.config, stored.config)) {
      return { kind: 'replaced', config: stored.config, warnings: parsed.warnings };
    }
    const version = Math.max(stored.lastVersion, stored.version) + 1;
    const config = { ...parsed.config, version, updatedAt: this.timestamp() };
    // Only over the very text that was looked at above: what was expected of it holds at the moment of the write.
    const done = await this.documents.replaceTierConfig(stored.text, serialiseTierConfig(config), version, note);
    if (done) return { kind: 'replaced', config: Object.freeze(config), warnings: parsed.warnings };
    const winner = await this.storedVersion(served);
    return refusalOf(expected, winner) ?? { kind: 'version-conflict', currentVersion: winner.version };
  }

  /** @returns the text that was stored as this version; `null` where the history does not hold it */
  async textOf(version: number): Promise<string | null> {
    const history = await this.documents.tierConfigHistory();
    return history.find((revision) => revision.version === version)?.text ?? null;
  }

  /** @returns newest first, the last 50 */
  async history(): Promise<readonly TierConfigRevision[]> {
    const texts = await this.documents.tierConfigHistory();
    return texts.map(({ version, text }) => {
      const parsed = parseTierConfig(text, { strict: false });
      return { version, config: parsed.kind === 'valid' ? parsed.config : null };
    });
  }

  /** The newest version of the history that can be read; `null` where there is none. */
  async newestReadable(): Promise<{ readonly text: string; readonly parsed: ValidTierConfig } | null> {
    for (const { text } of await this.documents.tierConfigHistory()) {
      const parsed = parseTierConfig(text, { strict: false });
      if (parsed.kind === 'valid') return { text, parsed };
    }
    return null;
  }

  private timestamp(): string {
    return new Date(this.now()).toISOString();
  }

  private async storedVersion(served: TierConfig): Promise<StoredVersion> {
    const { text, lastVersion } = await this.documents.readTierConfig();
    const parsed = text === null ? null : parseTierConfig(text, { strict: false });
    const config = parsed?.kind === 'valid' ? parsed.config : null;
    return {
      text,
      config,
      tag: tierConfigTag(config ?? served),
      version: config?.version ?? served.version,
      lastVersion,
    };
  }
}

/** @returns `null` where the stored version is the expected one */
function refusalOf({ version, precondition }: ExpectedState, stored: StoredVersion): ReplaceTierConfigOutcome | null {
  if (precondition?.holds(stored.tag) === false) return { kind: 'precondition-failed', currentTag: stored.tag };
  if (version === undefined || version === stored.version) return null;
  return { kind: 'version-conflict', currentVersion: stored.version };
}
