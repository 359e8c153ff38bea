import { createHash } from 'node:crypto';

/** What a writer demands of the state that the write takes the place of. */
interface Precondition {
  /** @param tag the tag of what is stored; `null` where nothing is */
  holds(tag: string | null): boolean;
}

/** What a writer has seen; a write over anything else is refused. Left out: not asked. */
export interface ExpectedState {
  readonly version?: number;
  readonly precondition?: Precondition;
}

/**
 * Differs for any two states of a config: by the version and, as a hand may change a text without one, by all that is shown.
 *
 * @param shown whatever a reader sees of the state
 */
export function stateTag(version: number, ...shown: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(shown)).digest('hex');
  return `${version}-${digest.slice(0, 16)}`;
}
