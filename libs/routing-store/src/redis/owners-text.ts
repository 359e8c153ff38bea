import type { CallOwner } from '../domain/call-owners';

/** As the scripts have them; see `includes/end-marks.lua`. No owner that a request acts for holds a space. */
export function ownersText(owners: readonly CallOwner[]): string {
  return owners.join(' ');
}
