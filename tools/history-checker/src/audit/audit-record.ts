/** What a script answered, as the audit of the store reports it. */
export type AuditValue = string | number | boolean | null | readonly AuditValue[];

/** One operation of the store, as the store recorded it while it carried it out. */
export interface AuditRecord {
  /** Its place in the order in which operations took effect: 1, 2, 3... */
  readonly sequence: number;
  /** The clock of the store. */
  readonly timeMs: number;
  /** Name of the script, as `allocate`. */
  readonly operation: string;
  /** Of the script, without the prefix of the keys. */
  readonly args: readonly string[];
  /** The first item names the outcome. */
  readonly result: readonly AuditValue[];
}

/**
 * @param fields of one entry of the stream `audit`
 * @throws where it is no entry of an audit
 */
export function parseAuditRecord(fields: Readonly<Record<string, string>>): AuditRecord {
  const { sequence, time_ms, operation } = fields;
  if (operation === undefined) throw new Error(`no entry of an audit: ${JSON.stringify(fields)}`);
  return {
    sequence: Number(sequence),
    timeMs: Number(time_ms),
    operation,
    args: listOf(fields['arguments']).map(String),
    result: listOf(fields['result']),
  };
}

function listOf(text = '[]'): readonly AuditValue[] {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.map(withoutEmptyObjects) : [];
}

/** Lua does not distinguish an empty list from an empty object, and writes `{}` for both. */
function withoutEmptyObjects(value: unknown): AuditValue {
  if (Array.isArray(value)) return value.map(withoutEmptyObjects);
  return typeof value === 'object' && value !== null ? [] : (value as AuditValue);
}

/** The outcome that the store gave. */
export function outcomeOf({ result }: AuditRecord): string {
  return String(result[0]);
}

/** The list of names at `index` of the result. */
export function namesAt({ result }: AuditRecord, index: number): string[] {
  const value = result[index];
  return Array.isArray(value) ? value.map(String) : [];
}
