import { readFile } from 'node:fs/promises';
import type { EventLogger } from '@smart-router/logging';
import { PodSourceUnavailableError } from '../domain/pod-source';
import { checkNames, namesInText } from './pod-names';

interface Content {
  readonly text: string;
  readonly names: readonly string[];
}

/**
 * A file that names pods, and that may be replaced, half written or gone at any time.
 *
 * It is read by its path again and again instead of being watched: a watch follows the file that was there, not the
 * one that takes its place, which is how editors and mounted configuration change files. What was good last stays in
 * force until another content is read twice in a row, so that a file in the middle of being written removes no pod.
 */
export class PodFile {
  private accepted: Content | null = null;
  private candidate: string | null = null;
  private unreadable = false;

  constructor(
    private readonly path: string,
    private readonly logger: EventLogger,
  ) {}

  /**
   * The names that are in force; those that cannot be names of pods are left out with a warning.
   * @throws PodSourceUnavailableError where the file could not be read so far
   */
  async names(): Promise<readonly string[]> {
    this.accepted ??= await this.firstContent();
    return this.accepted.names;
  }

  /** Looks at the file; never rejects. @returns whether other names are in force since */
  async poll(): Promise<boolean> {
    const text = await this.read();
    const settled = text !== null && text === this.candidate;
    this.candidate = text;
    if (text === null || !settled || text === this.accepted?.text) return false;
    this.accepted = this.parse(text);
    return true;
  }

  private async firstContent(): Promise<Content> {
    try {
      return this.parse(await readFile(this.path, 'utf8'));
    } catch (error) {
      throw new PodSourceUnavailableError(this.path, error);
    }
  }

  /** Logged when it begins to fail and when that is over, not with every try. */
  private async read(): Promise<string | null> {
    try {
      const text = await readFile(this.path, 'utf8');
      if (this.unreadable) this.logger.info({ file: this.path }, 'file of static pods is readable again');
      this.unreadable = false;
      return text;
    } catch (error) {
      const fields = { err: error, file: this.path };
      if (!this.unreadable) this.logger.warn(fields, 'file of static pods is not readable, the last names stay');
      this.unreadable = true;
      return null;
    }
  }

  private parse(text: string): Content {
    const { valid, invalid, duplicates } = checkNames(namesInText(text));
    if (invalid.length + duplicates.length > 0) {
      this.logger.warn({ file: this.path, invalid, duplicates }, 'lines of the file of static pods skipped');
    }
    return { text, names: valid };
  }
}
