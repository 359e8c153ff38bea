import { usageFailure } from './exit-codes';

/** The most that a page of the API holds. */
const PAGE_SIZE = 500;

interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor: string | null;
}

/** What a page is asked for. */
export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

/** All items of a list, page after page. @param most left out: as many as there are */
export async function collectPages<Item>(
  read: (query: PageQuery) => Promise<Page<Item>>,
  most = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const found: Item[] = [];
  let cursor: string | null | undefined;
  do {
    const limit = Math.min(PAGE_SIZE, most - found.length);
    const page: Page<Item> = await read({ limit, ...(cursor != null && { cursor }) });
    found.push(...page.items);
    ({ cursor } = page);
  } while (cursor !== null && found.length < most);
  return found.slice(0, most);
}

/** Reads `--limit`. @throws `CommandFailure` */
export function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1)
    throw usageFailure(`"${text}" is no number of entries`, 'write it as --limit 50');
  return limit;
}
