import { IDENTIFIER } from '@smart-router/settings';

export { IDENTIFIER, IDENTIFIER_RULE } from '@smart-router/settings';

/** Names of tiers and dedicated pools: no colon, since it separates the parts of a key. */
export const POOL_NAME_PART = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,64}$/;

/** Words that follow `pod:` in other keys; a pod of such a name would write over them. */
const RESERVED_POD_NAME = /^(metadata$|tier:|draining:|calls:)/;

/** Whether a pod of this name can be registered. */
export function isPodName(name: string): boolean {
  return IDENTIFIER.test(name) && !RESERVED_POD_NAME.test(name);
}
