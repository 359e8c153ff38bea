import type { EventLogger } from '@smart-router/logging';
import type { TierConfigObserver } from '../domain/observer';

type Fields = Readonly<Record<string, unknown>>;

/** Keeps what was logged. */
export class RecordingLogger implements EventLogger {
  readonly lines: { readonly level: string; readonly fields: Fields; readonly message: string }[] = [];

  info(fields: Fields, message: string): void {
    this.lines.push({ level: 'info', fields, message });
  }

  warn(fields: Fields, message: string): void {
    this.lines.push({ level: 'warn', fields, message });
  }

  error(fields: Fields, message: string): void {
    this.lines.push({ level: 'error', fields, message });
  }

  of(level: 'info' | 'warn' | 'error'): readonly { readonly fields: Fields; readonly message: string }[] {
    return this.lines.filter((line) => line.level === level);
  }
}

/** Keeps what was observed, one word per event. */
export class RecordingObserver implements TierConfigObserver {
  readonly events: string[] = [];
  /** The kinds of divergence there are now. */
  readonly divergences = new Set<string>();

  configAdopted(version: number): void {
    this.events.push(`adopted ${version}`);
  }

  configRejected(reason: string): void {
    this.events.push(`rejected ${reason}`);
  }

  configDiverges(kind: string, diverges: boolean): void {
    if (diverges) this.divergences.add(kind);
    else this.divergences.delete(kind);
  }

  merchantConfigMalformed(): void {
    this.events.push('malformed');
  }

  unknownTierSkipped(): void {
    this.events.push('unknown tier');
  }
}
