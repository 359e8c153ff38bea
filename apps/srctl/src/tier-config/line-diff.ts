/** A line of a diff: taken away, added, or the same. */
interface DiffLine {
  readonly sign: '-' | '+' | ' ';
  readonly text: string;
}

/** What leads from one text to the other, by the longest lines that both have in common. For texts of some hundred lines. */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  const common = commonLengths(before, after);
  const lines: DiffLine[] = [];
  let [left, right] = [0, 0];
  while (left < before.length && right < after.length) {
    const [old = '', fresh = ''] = [before[left], after[right]];
    if (old === fresh) {
      lines.push({ sign: ' ', text: old });
      [left, right] = [left + 1, right + 1];
    } else if (at(common, left + 1, right) >= at(common, left, right + 1)) {
      lines.push({ sign: '-', text: old });
      left++;
    } else {
      lines.push({ sign: '+', text: fresh });
      right++;
    }
  }
  const rest = (sign: '-' | '+', texts: readonly string[]) => texts.map((text): DiffLine => ({ sign, text }));
  return [...lines, ...rest('-', before.slice(left)), ...rest('+', after.slice(right))];
}

/** How many lines the rests from each pair of places on have in common. */
function commonLengths(before: readonly string[], after: readonly string[]): number[][] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let left = before.length - 1; left >= 0; left--) {
    for (let right = after.length - 1; right >= 0; right--) {
      const row = lengths[left] as number[];
      const isSame = before[left] === after[right];
      row[right] = isSame
        ? 1 + at(lengths, left + 1, right + 1)
        : Math.max(at(lengths, left + 1, right), at(lengths, left, right + 1));
    }
  }
  return lengths;
}

function at(lengths: readonly (readonly number[])[], left: number, right: number): number {
  return lengths[left]?.[right] ?? 0;
}
