import { KubernetesAnswerError } from '../api/api-errors';
import type { KubernetesApi } from '../api/kubernetes-api';
import type { ApiCall, ApiResource } from '../api/resource';
import {
  metadataOf,
  observe,
  resourceVersionOf,
  type ObjectList,
  type ObjectReader,
  type Observed,
} from './kubernetes-object';

/** Which objects, and what of them. */
export interface Selection<Value> {
  readonly resource: ApiResource;
  readonly namespace: string;
  /** `null` for all objects of the namespace. */
  readonly labelSelector: string | null;
  readonly read: ObjectReader<Value>;
}

interface PagedListOptions<Value> extends Selection<Value> {
  readonly api: Pick<KubernetesApi, 'call'>;
  /** An object that cannot be read is left out, and reported here. Must not throw. */
  readonly onMalformed: (problem: string) => void;
}

const PAGE_LIMIT = 500;
const PAGE_TIMEOUT_MS = 20_000;

/** Lists all objects of a kind, page by page, as they are at one moment. */
export class PagedList<Value> {
  constructor(private readonly options: PagedListOptions<Value>) {}

  /**
   * @returns the whole list; pages of which the rest cannot be had are never given
   * @throws KubernetesApiError (410 where the list took longer than the server remembers), KubernetesUnreachableError,
   * KubernetesAnswerError, or the signal's reason
   */
  async list(signal: AbortSignal): Promise<ObjectList<Value>> {
    const objects: Observed<Value>[] = [];
    let next: string | null = null;
    for (;;) {
      const call = this.pageCall(next);
      const page = await this.options.api.call(call, signal, { timeoutMs: PAGE_TIMEOUT_MS });
      const { continueAt, items, resourceVersion } = readPage(call, page);
      for (const item of items) this.add(item, objects);
      if (continueAt === null) return { objects, resourceVersion };
      next = continueAt;
    }
  }

  private pageCall(continueAt: string | null): ApiCall {
    const { labelSelector, namespace, resource } = this.options;
    const query = {
      limit: String(PAGE_LIMIT),
      ...(labelSelector !== null && { labelSelector }),
      ...(continueAt !== null && { continue: continueAt }),
    };
    return { verb: 'list', resource, namespace, query };
  }

  private add(item: unknown, objects: Observed<Value>[]): void {
    try {
      objects.push(observe(item, this.options.read));
    } catch (error) {
      this.options.onMalformed(error instanceof Error ? error.message : String(error));
    }
  }
}

interface ListPage {
  readonly items: readonly unknown[];
  readonly resourceVersion: string;
  readonly continueAt: string | null;
}

/** An answer without items or version is no empty list: nothing may be concluded from it. */
function readPage(call: ApiCall, page: unknown): ListPage {
  const items = (page as { items?: unknown } | null)?.items;
  const resourceVersion = resourceVersionOf(page);
  const { continue: continueAt } = metadataOf(page);
  // Kubernetes writes an empty list as null in some versions.
  if (items !== null && !Array.isArray(items)) throw new KubernetesAnswerError(call, 'a list without items');
  if (resourceVersion === null) throw new KubernetesAnswerError(call, 'a list without a version');
  return {
    items: items ?? [],
    resourceVersion,
    continueAt: typeof continueAt === 'string' && continueAt !== '' ? continueAt : null,
  };
}
