import { KubernetesApiError, LEASES, type ApiCall, type KubernetesApi } from '@smart-router/kubernetes';
import type { LeaseRecord, ResourceLock, LeaseWriteOutcome, StoredLease } from '../domain/lease-record';
import { readRecord } from '../domain/read-record';

interface KubernetesLeaseOptions {
  readonly api: Pick<KubernetesApi, 'call'>;
  readonly namespace: string;
  /** Of the Lease object. */
  readonly name: string;
}

/** A Lease as far as it is looked at; whatever else is in it stays as it is. */
interface LeaseObject {
  readonly metadata?: { readonly resourceVersion?: unknown };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The API answered with a Lease that names no version, so that an outdated write could not be recognized. */
class UnversionedLeaseError extends Error {
  readonly code = 'UNVERSIONED_LEASE';

  constructor(name: string) {
    super(`the lease ${name} has no resourceVersion`);
  }
}

/**
 * The lease as a `Lease` of `coordination.k8s.io/v1`, in the fields of client-go's `LeaseLock`. Needs the verbs get,
 * create and update.
 */
export class KubernetesResourceLock implements ResourceLock {
  /** As it was seen last: a write takes the rest of the object over from here. */
  private last: { readonly object: LeaseObject; readonly version: string } | null = null;

  constructor(private readonly options: KubernetesLeaseOptions) {}

  async read(signal: AbortSignal): Promise<StoredLease | null> {
    const { name } = this.options;
    const object = await unless([404], () => this.call({ verb: 'get', name }, signal));
    return object === null ? null : this.remember(object);
  }

  async create(record: LeaseRecord, signal: AbortSignal): Promise<LeaseWriteOutcome> {
    const { name, namespace } = this.options;
    const body = { ...KIND, metadata: { name, namespace }, spec: specOf(record) };
    return this.written(await unless([409], () => this.call({ verb: 'create', body }, signal)));
  }

  async update(record: LeaseRecord, version: string, signal: AbortSignal): Promise<LeaseWriteOutcome> {
    const { name, namespace } = this.options;
    const { metadata, spec } = this.last?.version === version ? this.last.object : {};
    const body = {
      ...KIND,
      metadata: { ...metadata, name, namespace, resourceVersion: version },
      spec: { ...spec, ...specOf(record) },
    };
    // Where it was deleted meanwhile the API would create it anew, but for the uid among the metadata.
    return this.written(await unless([404, 409], () => this.call({ verb: 'update', name, body }, signal)));
  }

  private call(call: Pick<ApiCall, 'verb' | 'name' | 'body'>, signal: AbortSignal): Promise<unknown> {
    return this.options.api.call({ ...call, resource: LEASES, namespace: this.options.namespace }, signal);
  }

  private written(object: unknown): LeaseWriteOutcome {
    if (object === null) return { kind: 'conflict' };
    return { kind: 'written', version: this.remember(object).version };
  }

  private remember(answer: unknown): StoredLease {
    const object = (answer ?? {}) as LeaseObject;
    const version = object.metadata?.resourceVersion;
    if (typeof version !== 'string' || version === '') throw new UnversionedLeaseError(this.options.name);
    this.last = { object, version };
    return { record: readRecord(object.spec), version };
  }
}

const KIND = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };

/** @returns `null` where the API answered with one of these statuses */
async function unless(statuses: readonly number[], call: () => Promise<unknown>): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof KubernetesApiError && statuses.includes(error.status)) return null;
    throw error;
  }
}

/** A field that has no value is left out: the API refuses an empty holder in some versions. */
function specOf(record: LeaseRecord): Readonly<Record<string, unknown>> {
  return {
    holderIdentity: record.holderIdentity === '' ? undefined : record.holderIdentity,
    leaseDurationSeconds: record.leaseDurationSeconds ?? undefined,
    acquireTime: microTime(record.acquireTime),
    renewTime: microTime(record.renewTime),
    leaseTransitions: record.leaseTransitions,
  };
}

/** The API takes exactly six digits of the second. */
function microTime(time: string | null): string | undefined {
  return time?.replace(/\.(\d{3})Z$/, '.$1000Z');
}
