import { type Fields, isFields, type KubernetesObject, type Lease, type Pod } from '../objects/kubernetes-object';

interface Column {
  readonly name: string;
  /** Shown by `kubectl get -o wide` only. */
  readonly isWide?: boolean;
  cell(object: KubernetesObject): string | number;
}

const NAME: Column = { name: 'Name', cell: ({ metadata }) => metadata.name };
const AGE: Column = { name: 'Age', cell: ({ metadata }) => age(metadata.creationTimestamp) };

/** The columns of the real server, by the kind of the object. */
const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  Pod: [
    NAME,
    { name: 'Ready', cell: (pod) => readyCell(pod as Pod) },
    { name: 'Status', cell: (pod) => statusCell(pod as Pod) },
    { name: 'Restarts', cell: () => 0 },
    AGE,
    { name: 'IP', isWide: true, cell: (pod) => (pod as Pod).status.podIP ?? '<none>' },
    { name: 'Node', isWide: true, cell: (pod) => (pod as Pod).spec.nodeName ?? '<none>' },
  ],
  Lease: [NAME, { name: 'Holder', cell: (lease) => (lease as Lease).spec.holderIdentity ?? '' }, AGE],
  Namespace: [NAME, { name: 'Status', cell: ({ status }) => String(status?.['phase'] ?? '') }, AGE],
};

const RESOURCES_WITH_TABLE = new Set(['pods', 'leases', 'namespaces']);

export function hasTable(plural: string): boolean {
  return RESOURCES_WITH_TABLE.has(plural);
}

/** A meta.k8s.io/v1 Table, which `kubectl get` prints as it is. All objects are of one kind. */
export function toTable(objects: readonly KubernetesObject[], metadata: object = {}): object {
  const columns = COLUMNS[objects[0]?.kind ?? ''] ?? [NAME, AGE];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ name, isWide }) => ({
      name,
      type: 'string',
      format: name === 'Name' ? 'name' : '',
      description: name,
      priority: isWide ? 1 : 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object)),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}

function readyCell({ spec, status }: Pod): string {
  const containers = listOf(spec['containers']).length;
  const isReady = (status.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True');
  return `${isReady ? containers : 0}/${containers}`;
}

function statusCell({ metadata, status }: Pod): string {
  return metadata.deletionTimestamp === undefined ? (status.phase ?? '') : 'Terminating';
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

const UNITS: readonly (readonly [seconds: number, suffix: string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'm'],
];

function age(creationTimestamp: string): string {
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(creationTimestamp)) / 1000));
  const [length, suffix] = UNITS.find(([unit]) => seconds >= unit * 2) ?? [1, 's'];
  return `${Math.floor(seconds / length)}${suffix}`;
}
