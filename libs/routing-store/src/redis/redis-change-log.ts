import {
  type ChangeAction,
  type ChangeContent,
  type ChangeFilter,
  type ChangeLog,
  type ChangeNote,
  type ChangeRecord,
  CHANGES_KEPT,
  matchesChange,
} from '../domain/change-log';
import type { Page, PageRequest } from '../domain/fleet-reader';
import type { RedisStoreAccess } from './redis-store-access';

/** How many records are read at a time; a filter may leave few of them. */
const CHUNK = 200;
/** A page stops looking after so many, whatever it has found. */
const MAX_LOOKED_AT = 1_000;

/** The note of a change as the scripts take it. */
export function noteArgs({ action, actor, requestId, clientAddress }: ChangeNote): [string, string, string, string] {
  return [action, actor, requestId, clientAddress];
}

export class RedisChangeLog implements ChangeLog {
  constructor(private readonly store: RedisStoreAccess) {}

  async record({ action, actor, requestId, clientAddress }: ChangeNote, content: ChangeContent): Promise<void> {
    const { subject, version, before, after } = content;
    const fields = {
      ...{ action, actor, request_id: requestId, client_address: clientAddress, subject },
      ...{ version: version ?? '', before: before ?? '', after: after ?? '' },
    };
    const { changes } = this.store.keys;
    const pairs = Object.entries(fields).flat();
    await this.store.write((client) => client.xadd(changes, 'MAXLEN', CHANGES_KEPT, '*', ...pairs));
  }

  async changes({ limit, cursor: start }: PageRequest, filter: ChangeFilter = {}): Promise<Page<ChangeRecord>> {
    const items: ChangeRecord[] = [];
    let cursor = start;
    for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += CHUNK) {
      const records = await this.read(cursor);
      for (const record of records) {
        cursor = record.id;
        if (matchesChange(filter, record)) items.push(record);
        if (items.length === limit) return { items, cursor };
      }
      if (records.length < CHUNK) return { items, cursor: null };
    }
    return { items, cursor: cursor ?? null };
  }

  /** @param cursor the record before the first one; left out: from the newest on */
  private async read(cursor: string | undefined): Promise<readonly ChangeRecord[]> {
    const { changes } = this.store.keys;
    const from = cursor === undefined ? '+' : `(${cursor}`;
    const entries = await this.store.command((client) => client.xrevrange(changes, from, '-', 'COUNT', CHUNK));
    return entries.map(([id, fields]) => changeRecord(id, fields));
  }
}

function changeRecord(id: string, fields: readonly string[]): ChangeRecord {
  const pairs = fields.flatMap((name, index) => (index % 2 === 0 ? [[name, fields[index + 1] ?? ''] as const] : []));
  const text = new Map(pairs);
  const of = (name: string): string => text.get(name) ?? '';
  return {
    id,
    timeMs: Number(id.split('-', 1)[0]),
    action: of('action') as ChangeAction,
    actor: of('actor'),
    requestId: of('request_id'),
    clientAddress: of('client_address'),
    subject: of('subject'),
    version: of('version') === '' ? null : Number(of('version')),
    before: of('before') || null,
    after: of('after') || null,
  };
}
