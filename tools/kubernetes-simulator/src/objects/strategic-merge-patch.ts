import { isFields } from './kubernetes-object';

/**
 * Lists that are merged by a key instead of being replaced, by the name of their field. The real server reads this from
 * the API types (`patchMergeKey`); these are the ones that pods have.
 */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  ports: 'containerPort',
  volumes: 'name',
  volumeMounts: 'mountPath',
  imagePullSecrets: 'name',
  conditions: 'type',
  podIPs: 'ip',
  ownerReferences: 'uid',
  hostAliases: 'ip',
};

/** Lists of plain values that grow instead of being replaced. */
const UNION_LISTS: ReadonlySet<string> = new Set(['finalizers']);

/** Fields of a patch that say how to merge and are not data. */
const DIRECTIVE = /^\$(patch|retainKeys|setElementOrder\/|deleteFromPrimitiveList\/)/;

/** https://github.com/kubernetes/design-proposals-archive/blob/main/cli/preserve-order-in-strategic-merge-patch.md */
export function applyStrategicMergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  const merged: Record<string, unknown> = isFields(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith('$deleteFromPrimitiveList/')) deleteValues(merged, name.slice(name.indexOf('/') + 1), value);
    if (DIRECTIVE.test(name)) continue;
    if (value === null) delete merged[name];
    else merged[name] = mergeField(name, merged[name], value);
  }
  return merged;
}

function mergeField(name: string, current: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) return applyStrategicMergePatch(current, patch);
  const list: readonly unknown[] = Array.isArray(current) ? current : [];
  if (UNION_LISTS.has(name)) return [...new Set([...list, ...patch])];
  const key = MERGE_KEYS[name];
  return key === undefined ? patch : mergeList(list, patch, key);
}

function mergeList(list: readonly unknown[], patches: readonly unknown[], key: string): unknown[] {
  const isSame = (a: unknown, b: unknown): boolean => isFields(a) && isFields(b) && a[key] === b[key];
  if (patches.some((patch) => isFields(patch) && patch['$patch'] === 'replace')) {
    return patches.filter((patch) => isFields(patch) && patch['$patch'] === undefined);
  }
  const merged = [...list];
  const added: unknown[] = [];
  for (const patch of patches) {
    const index = merged.findIndex((item) => isSame(item, patch));
    if (isFields(patch) && patch['$patch'] === 'delete') {
      if (index >= 0) merged.splice(index, 1);
    } else if (index >= 0) merged[index] = applyStrategicMergePatch(merged[index], patch);
    else added.push(patch);
  }
  return [...added, ...merged];
}

function deleteValues(merged: Record<string, unknown>, name: string, values: unknown): void {
  const list = merged[name];
  if (!Array.isArray(list) || !Array.isArray(values)) return;
  merged[name] = list.filter((value) => !values.includes(value));
}

function withoutDirectives(patch: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => !DIRECTIVE.test(name)));
}
