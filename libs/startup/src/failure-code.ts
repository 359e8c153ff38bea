const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;

/** What everybody may know of a failed check: its code. The text may name hosts, paths or what Redis said. */
export function failureCode(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && CODE.test(code) ? code : 'FAILED';
}
