import type { Fields, Lease } from '../objects/kubernetes-object';
import { MERGE_PATCH } from '../objects/merge-patch';
import { isStatus, type KubernetesApi } from '../targets/kubernetes-api';

/** Leases of one namespace, written by hand: what somebody else, or nobody, does to them. */
export class FakeLeases {
  constructor(
    private readonly api: KubernetesApi,
    readonly namespace: string,
  ) {}

  create(name: string, spec: Fields): Promise<Lease> {
    return this.api.request('POST', this.path(), { metadata: { name }, spec });
  }

  /** @throws KubernetesApiError 404 */
  get(name: string): Promise<Lease> {
    return this.api.request('GET', this.path(name));
  }

  async find(name: string): Promise<Lease | null> {
    try {
      return await this.get(name);
    } catch (error) {
      if (isStatus(error, 404)) return null;
      throw error;
    }
  }

  /** Changes these fields without asking who holds it; `null` removes one. */
  edit(name: string, spec: Readonly<Record<string, unknown>>): Promise<Lease> {
    return this.api.request('PATCH', this.path(name), { spec }, MERGE_PATCH);
  }

  async delete(name: string): Promise<void> {
    await this.api.request('DELETE', this.path(name));
  }

  private path(name?: string): string {
    const folder = `/apis/coordination.k8s.io/v1/namespaces/${this.namespace}/leases`;
    return name === undefined ? folder : `${folder}/${name}`;
  }
}
