import { readFile } from 'node:fs/promises';
import { InvalidSettingsError } from './invalid-settings-error';
import type { VariableName } from './schema';
import { type SecretFile, secretIn } from './secret-files';
import { type Secrets, secretsOf, type SecretSource } from './secrets';
import type { Settings } from './settings';

type Texts = Readonly<Record<string, string | undefined>>;

interface WatchedSecretsParts {
  readonly files: readonly SecretFile[];
  /** The settings as texts, as they were read at the start. */
  readonly texts: Texts;
  readonly settings: Settings;
  /** The settings of these texts. @throws InvalidSettingsError */
  readonly read: (texts: Texts) => Settings;
}

/** Is called for each change of a file, not for each look at it. Must not throw. */
export interface SecretFileObserver {
  /** Another content is in force. */
  changed(file: SecretFile): void;
  /** The last good content stays in force; the reason holds no secret. */
  rejected(file: SecretFile, reason: string): void;
  /** The file holds again what is in force. */
  recovered(file: SecretFile): void;
}

interface Watched {
  readonly file: SecretFile;
  /** What was read with the look before; `null` where it could not be read. */
  seen: string | null;
  /** The content that was rejected last; `null` for a file that was not readable, `undefined` for none. */
  rejected: string | null | undefined;
  problem: string | null;
}

/**
 * Secrets of files that may be replaced, half written or gone at any time. A file is read by its path at each look: a
 * watch would follow the file that was there, and mounted secrets are replaced by another link.
 *
 * Guarantees: what was good last stays in force until another good content is read twice in a row. A content that is
 * empty, breaks a rule of the settings, or names other servers of Redis is not good.
 */
export class WatchedSecrets implements SecretSource {
  private readonly watched: readonly Watched[];
  private readonly listeners: (() => void)[] = [];
  private texts: Texts;
  private settings: Settings;
  private inForce: Secrets;

  constructor(private readonly parts: WatchedSecretsParts) {
    this.texts = parts.texts;
    this.settings = parts.settings;
    this.inForce = secretsOf(parts.settings);
    this.watched = parts.files.map((file) => ({
      ...{ file, seen: parts.texts[file.name] ?? null, rejected: undefined, problem: null },
    }));
  }

  get current(): Secrets {
    return this.inForce;
  }

  /** The files that are looked at. */
  get files(): readonly SecretFile[] {
    return this.parts.files;
  }

  /** Why the content of a file is not in force, by variable; `null` where it is. */
  get problems(): Readonly<Record<string, string | null>> {
    return Object.fromEntries(this.watched.map(({ file, problem }) => [file.name, problem]));
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Looks at every file; never rejects. */
  async poll(observer: SecretFileObserver): Promise<void> {
    for (const watched of this.watched) await this.look(watched, observer);
  }

  private async look(watched: Watched, observer: SecretFileObserver): Promise<void> {
    const { file } = watched;
    let text: string;
    try {
      text = secretIn(await readFile(file.path, 'utf8'));
    } catch (error) {
      watched.seen = null;
      return reject(watched, null, `it is not readable (${(error as NodeJS.ErrnoException).code})`, observer);
    }
    const isSettled = text === watched.seen;
    watched.seen = text;
    if (!isSettled) return;
    if (text === this.texts[file.name]) accept(watched, () => observer.recovered(file));
    else this.check(watched, text, observer);
  }

  private check(watched: Watched, text: string, observer: SecretFileObserver): void {
    const { file } = watched;
    // Checked before, and refused: the other settings do not change.
    if (text === watched.rejected) return;
    const texts = { ...this.texts, [file.name]: text };
    const next = text === '' ? 'it is empty' : this.settingsOf(texts, file.name);
    if (typeof next === 'string') return reject(watched, text, next, observer);
    this.texts = texts;
    this.settings = next;
    this.inForce = secretsOf(next);
    watched.rejected = undefined;
    watched.problem = null;
    for (const listener of this.listeners) listener();
    observer.changed(file);
  }

  /** @returns the settings, or why the content cannot be taken over */
  private settingsOf(texts: Texts, name: VariableName): Settings | string {
    try {
      const settings = this.parts.read(texts);
      const isElsewhere = serversOf(settings) !== serversOf(this.settings);
      return isElsewhere ? `${name} names another server or database: restart the process to use it` : settings;
    } catch (error) {
      if (!(error instanceof InvalidSettingsError)) throw error;
      return error.problems.join('; ');
    }
  }
}

function accept(watched: Watched, onRecovered: () => void): void {
  if (watched.problem === null) return;
  watched.rejected = undefined;
  watched.problem = null;
  onRecovered();
}

function reject(watched: Watched, text: string | null, reason: string, observer: SecretFileObserver): void {
  watched.problem = reason;
  if (text === watched.rejected) return;
  watched.rejected = text;
  observer.rejected(watched.file, reason);
}

/** The addresses of Redis without user and password. */
function serversOf({ redis }: Settings): string {
  const parts = redis?.url.split(',') ?? [];
  return parts
    .map((part) => {
      const url = new URL(part);
      url.username = '';
      url.password = '';
      return url.href;
    })
    .join();
}
