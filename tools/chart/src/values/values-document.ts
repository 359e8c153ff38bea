import { isMap, isScalar, parseDocument, type Pair, type YAMLMap } from 'yaml';

/** A value of the chart, or a map of values. */
export interface ValueEntry {
  /** `api.autoscaling.enabled` */
  readonly path: string;
  /** The sentences of its comment; empty for a map of values. */
  readonly description: string;
  /** What the lines that begin with `@` say: `{ enum: 'a|b' }`. */
  readonly tags: Readonly<Record<string, string>>;
  readonly fallback: unknown;
  /** The values of a map, unless its tag says that it is one value. */
  readonly children: readonly ValueEntry[] | null;
}

/**
 * Reads the commented values of the chart.
 *
 * @throws Error that names a value without a comment
 */
export function readValues(text: string): ValueEntry[] {
  const document = parseDocument(text);
  return entriesOf(document.contents as YAMLMap, '');
}

/** All values that are no map of values. */
export function leavesOf(entries: readonly ValueEntry[]): ValueEntry[] {
  return entries.flatMap((entry) => (entry.children === null ? [entry] : leavesOf(entry.children)));
}

function entriesOf(map: YAMLMap, prefix: string): ValueEntry[] {
  // The comment above the first key of a map belongs to the map.
  return map.items.map((pair, index) => entryOf(pair, prefix, index === 0 ? map.commentBefore : undefined));
}

function entryOf(pair: Pair, prefix: string, commentOfMap: string | null | undefined): ValueEntry {
  const key = pair.key as { value: string; commentBefore?: string | null };
  const path = `${prefix}${key.value}`;
  const { description, tags } = readComment(key.commentBefore ?? commentOfMap ?? '');
  const isOne = tags['type'] !== undefined || !isMap(pair.value);
  if (isOne && description === '') throw new Error(`values.yaml: ${path} has no comment that begins with --`);
  const node = pair.value;
  const fallback = isScalar(node) ? node.value : (node as YAMLMap).toJSON();
  return { path, description, tags, fallback, children: isOne ? null : entriesOf(node as YAMLMap, `${path}.`) };
}

/** The last block of a comment: what is above it belongs to no value. */
function readComment(comment: string): Pick<ValueEntry, 'description' | 'tags'> {
  const lines = comment.split('\n').map((line) => line.trim());
  const begin = lines.findLastIndex((line) => line.startsWith('-- '));
  const block = begin === -1 ? [] : lines.slice(begin);
  const tags = block.flatMap((line) => {
    const [, name, value] = /^@(\w+) (.+)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  const sentences = block.filter((line) => !line.startsWith('@')).join(' ');
  return { description: sentences.replace(/^-- /, ''), tags: Object.fromEntries(tags) };
}
