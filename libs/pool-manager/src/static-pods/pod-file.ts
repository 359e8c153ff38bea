import { readFile } from 'node:fs/promises';
import type { EventLogger } from '@smart-router/logging';
import type { Clock } from '@smart-router/scheduling';
import { PodSourceUnavailableError } from '../domain/pod-source';
import { checkNames, namesInText } from './pod-names';

interface PodFileOptions {
  readonly path: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: EventLogger;
  /** Called once for each content that is not taken over. Must not throw. */
  readonly onRejected: () => void;
}

interface Content {
  readonly text: string;
  readonly names: readonly string[];
  readonly invalid: readonly string[];
  readonly duplicates: readonly string[];
}

/** A content that was read, and since when it is what the file holds. */
interface Candidate {
  readonly text: string;
  readonly sinceMs: number;
}

/** A file without names must be so for that long, unless it says by a comment that it is meant. */
const EMPTY_CONFIRMED_AFTER_MS = 5_000;

const NOT_VALID = 'file of static pods is not valid, the last names stay';
const EMPTIED = 'file of static pods still names no pod: all pods are removed and their calls end';
const ABOUT_TO_EMPTY =
  'file of static pods names no pod: unless that changes within 5 s, all pods are removed and their calls end';

/**
 * A file that names pods, and that may be replaced, half written or gone at any time.
 *
 * It is read by its path again and again instead of being watched: a watch follows the file that was there, not the
 * one that takes its place, which is how editors and mounted configuration change files.
 *
 * Guarantees: what was good last stays in force until another good content is read twice in a row. A content with a line
 * that is no name of a pod is not good as a whole: that line may have named a pod with a call. One without any name is
 * good if it has a comment line, or if it stays so for 5 seconds.
 */
export class PodFile {
  private accepted: Content | null = null;
  private candidate: Candidate | null = null;
  private rejectedText: string | null = null;
  private unreadable = false;
  private objection: string | null = null;

  constructor(private readonly options: PodFileOptions) {}

  /** Why the names in force are not those of the file as it is now; `null` where they are. */
  get problem(): string | null {
    return this.objection;
  }

  /**
   * The names that are in force.
   * @throws PodSourceUnavailableError where the file had no good content so far
   */
  async names(): Promise<readonly string[]> {
    this.accepted ??= await this.firstContent();
    return this.accepted.names;
  }

  /** Looks at the file; never rejects. @returns whether other names are in force since */
  async poll(): Promise<boolean> {
    const text = await this.read();
    if (text === null) {
      this.candidate = null;
      return false;
    }
    const isSettled = text === this.candidate?.text;
    if (!isSettled) this.candidate = { text, sinceMs: this.options.clock.now() };
    if (text === this.accepted?.text) {
      this.objection = null;
      this.rejectedText = null;
      return false;
    }
    return isSettled && this.takeOver(parse(text));
  }

  private async firstContent(): Promise<Content> {
    const { path } = this.options;
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      throw new PodSourceUnavailableError(path, error);
    });
    const content = parse(text);
    this.candidate ??= { text, sinceMs: this.options.clock.now() };
    if (!this.isGood(content)) throw new PodSourceUnavailableError(path, new Error(this.objection ?? ''));
    this.reportDuplicates(content);
    return content;
  }

  private takeOver(content: Content): boolean {
    if (!this.isGood(content)) return false;
    this.reportDuplicates(content);
    const { logger, path } = this.options;
    if (content.names.length === 0 && !hasComment(content.text)) logger.error({ file: path }, EMPTIED);
    this.accepted = content;
    return true;
  }

  private isGood(content: Content): boolean {
    this.objection = this.objectionTo(content);
    if (this.objection !== null) this.reject(content, this.objection);
    else this.rejectedText = null;
    return this.objection === null;
  }

  private objectionTo({ names, invalid, text }: Content): string | null {
    if (invalid.length === 1) return 'one line is no name of a pod';
    if (invalid.length > 1) return `${invalid.length} lines are no names of pods`;
    if (names.length > 0 || hasComment(text)) return null;
    const { text: seen, sinceMs } = this.candidate ?? { text: null, sinceMs: 0 };
    if (seen === text && this.options.clock.now() - sinceMs >= EMPTY_CONFIRMED_AFTER_MS) return null;
    return 'it names no pod, and no comment line says that this is meant: if it stays so for 5 s, all pods are removed';
  }

  /** Once for each content, not with every look. */
  private reject({ text, invalid }: Content, reason: string): void {
    if (text === this.rejectedText) return;
    this.rejectedText = text;
    this.options.onRejected();
    const fields = { file: this.options.path, reason, ...(invalid.length > 0 && { invalid: invalid.slice(0, 10) }) };
    this.options.logger.warn(fields, invalid.length > 0 || this.accepted === null ? NOT_VALID : ABOUT_TO_EMPTY);
  }

  private reportDuplicates({ duplicates }: Content): void {
    if (duplicates.length === 0) return;
    this.options.logger.warn({ file: this.options.path, duplicates }, 'file of static pods names pods twice');
  }

  /** Logged when it begins to fail and when that is over, not with every try. */
  private async read(): Promise<string | null> {
    const { logger, path } = this.options;
    try {
      const text = await readFile(path, 'utf8');
      if (this.unreadable) logger.info({ file: path }, 'file of static pods is readable again');
      this.unreadable = false;
      return text;
    } catch (error) {
      if (!this.unreadable)
        logger.warn({ err: error, file: path }, 'file of static pods is not readable, the last names stay');
      this.unreadable = true;
      this.objection = 'it is not readable';
      return null;
    }
  }
}

function hasComment(text: string): boolean {
  return /^\s*#/m.test(text);
}

function parse(text: string): Content {
  const { valid: names, invalid, duplicates } = checkNames(namesInText(text));
  return { text, names, invalid, duplicates };
}
