import { applyJsonPatch } from './json-patch';
import { isFields } from './kubernetes-object';
import { StatusError } from './status-error';
import { applyStrategicMergePatch } from './strategic-merge-patch';

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

/** @throws StatusError 415 for a type of patch that the server does not know, 422 where a JSON patch does not fit */
export function applyPatch(target: unknown, patch: unknown, contentType: string): unknown {
  switch (contentType.split(';')[0]?.trim()) {
    case 'application/json-patch+json':
      return applyJsonPatch(target, patch);
    case 'application/merge-patch+json':
      return applyMergePatch(target, patch);
    case 'application/strategic-merge-patch+json':
      return applyStrategicMergePatch(target, patch);
    default:
      throw unsupportedPatchType();
  }
}

function unsupportedPatchType(): StatusError {
  return new StatusError({
    code: 415,
    reason: 'UnsupportedMediaType',
    message: '415: Unsupported Media Type',
    details: {},
  });
}
