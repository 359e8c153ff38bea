const NUMBER = /^(0|[1-9]\d*)$/;

/**
 * Whether a version that has just arrived is older than one that is known. Versions of one resource are numbers that
 * grow with every write, of any length (Kubernetes enhancement 5504). Where one is no number the order is unknown, and what
 * came last counts.
 */
export function isOlder(arrived: string, known: string): boolean {
  if (!NUMBER.test(arrived) || !NUMBER.test(known)) return false;
  return arrived.length === known.length ? arrived < known : arrived.length < known.length;
}
