import { isFields } from './kubernetes-object';
import { StatusError } from './status-error';

/** The only patch that the simulator knows. */
export const MERGE_PATCH = 'application/merge-patch+json';

/** RFC 7386: `null` removes, objects merge, everything else replaces. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const merged: Record<string, unknown> = isFields(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = applyMergePatch(merged[name], value);
  }
  return merged;
}

/** @throws StatusError 415 */
export function checkPatchType(contentType: string): void {
  if (contentType.split(';')[0]?.trim() === MERGE_PATCH) return;
  const message = '415: Unsupported Media Type';
  throw new StatusError({ code: 415, reason: 'UnsupportedMediaType', message, details: {} });
}
