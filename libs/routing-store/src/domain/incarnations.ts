/** Whether two incarnations are one life of a pod: `a/b` is the same one as `a`, of which more is known. */
export function isSameLife(one: string, other: string): boolean {
  return one === other || other.startsWith(`${one}/`) || one.startsWith(`${other}/`);
}

/** What is known of a pod's life after it was seen again: less never takes the place of more. */
export function lifeAfter(known: string, observed: string): string {
  return isSameLife(known, observed) && known.length > observed.length ? known : observed;
}
