import {
  CHANGE_TEXT_BYTES,
  CHANGES_KEPT,
  type ChangeContent,
  type ChangeFilter,
  type ChangeLog,
  type ChangeNote,
  type ChangeRecord,
  matchesChange,
} from '../domain/change-log';
import type { Page, PageRequest } from '../domain/fleet-reader';

export class MemoryChangeLog implements ChangeLog {
  /** Newest first. */
  private readonly records: ChangeRecord[] = [];

  /** @param now Unix time in milliseconds */
  constructor(private readonly now: () => number) {}

  async record(note: ChangeNote, content: ChangeContent): Promise<void> {
    this.write(note, content);
  }

  /** As {@link record}, within another operation of this store. */
  write(note: ChangeNote, { before, after, ...content }: ChangeContent): void {
    const timeMs = Math.floor(this.now());
    const id = this.nextId(timeMs);
    this.records.unshift({ ...note, ...content, id, timeMs, before: shortened(before), after: shortened(after) });
    this.records.splice(CHANGES_KEPT);
  }

  async changes({ limit, cursor }: PageRequest, filter: ChangeFilter = {}): Promise<Page<ChangeRecord>> {
    const rest = this.records.filter(({ id }) => cursor === undefined || isOlder(id, cursor));
    const found = rest.filter((record) => matchesChange(filter, record));
    const items = found.slice(0, limit);
    return { items, cursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** Within one millisecond they are numbered. */
  private nextId(timeMs: number): string {
    const [lastMs = 0, sequence = 0] = idParts(this.records[0]?.id ?? '');
    return lastMs >= timeMs ? `${lastMs}-${sequence + 1}` : `${timeMs}-0`;
  }
}

function idParts(id: string): number[] {
  return id === '' ? [] : id.split('-').map(Number);
}

function isOlder(id: string, than: string): boolean {
  const [ms = 0, sequence = 0] = idParts(id);
  const [thanMs = 0, thanSequence = 0] = idParts(than);
  return ms < thanMs || (ms === thanMs && sequence < thanSequence);
}

/** Cut to whole characters of UTF-8. */
function shortened(text: string | null): string | null {
  const bytes = Buffer.from(text ?? '');
  if (bytes.length <= CHANGE_TEXT_BYTES) return text;
  return new TextDecoder().decode(bytes.subarray(0, CHANGE_TEXT_BYTES), { stream: true });
}
