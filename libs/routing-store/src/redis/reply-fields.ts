import type { ScriptReply } from '@smart-router/redis';

/** Reads one value of a reply; `undefined` where the reply ends before it. */
export type Field<Value> = (value: ScriptReply | undefined) => Value;

/** The values of a list, by name, in the order in which a script writes them. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

export type RecordOf<Names extends Fields> = { readonly [Name in keyof Names]: ReturnType<Names[Name]> };

export const text: Field<string> = (value) => String(value ?? '');

export const number: Field<number> = (value) => Number(value ?? 0);

/** 1 or '1' is true. */
export const flag: Field<boolean> = (value) => number(value) === 1;

export const texts: Field<string[]> = (value) => itemsOf(value).map(text);

/** Scripts write '' for a value that is missing. */
export function orNull<Value>(read: Field<Value>): Field<Value | null> {
  return (value) => (text(value) === '' ? null : read(value));
}

export function listOf<Value>(read: Field<Value>): Field<Value[]> {
  return (value) => itemsOf(value).map(read);
}

/** A list of lists' items, one after another. */
export function flatListOf<Names extends Fields>(fields: Names): Field<RecordOf<Names>[]> {
  const width = Object.keys(fields).length;
  return (value) => {
    const items = itemsOf(value);
    return Array.from({ length: items.length / width }, (_, index) => readFields(fields, items, index * width));
  };
}

export function recordOf<Names extends Fields>(fields: Names): Field<RecordOf<Names>> {
  return (value) => readFields(fields, itemsOf(value));
}

/**
 * @param first the place of the first value among the items
 * @param record where they are put
 */
export function readFields<Names extends Fields>(
  fields: Names,
  items: readonly ScriptReply[],
  first = 0,
  record: Record<string, unknown> = {},
): RecordOf<Names> {
  let index = first;
  for (const name in fields) record[name] = fields[name]?.(items[index++]);
  return record as RecordOf<Names>;
}

function itemsOf(value: ScriptReply | undefined): readonly ScriptReply[] {
  return Array.isArray(value) ? (value as readonly ScriptReply[]) : [];
}
