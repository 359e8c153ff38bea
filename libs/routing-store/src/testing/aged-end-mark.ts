/** The mark of an ended call, as if so much time had passed: it names the ends of its owners, beside its own lifetime. */
export function agedEndMark(mark: string, ms: number): string {
  return mark.replace(/=(\d+)/g, (_entry, untilMs: string) => `=${Number(untilMs) - ms}`);
}
