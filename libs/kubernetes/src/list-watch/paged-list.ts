import type { Clock } from '@smart-router/scheduling';
import { KubernetesAnswerError, KubernetesApiError } from '../api/api-errors';
import type { KubernetesApi } from '../api/kubernetes-api';
import type { ApiCall, ApiResource } from '../api/resource';
import { metadataOf, observe, resourceVersionOf, type ObjectReader, type Observed } from './kubernetes-object';
import type { ObjectList } from './object-store';

/** Which objects, and what of them. */
export interface Selection<Value> {
  readonly resource: ApiResource;
  readonly namespace: string;
  /** `null` for all objects of the namespace. */
  readonly labelSelector: string | null;
  readonly read: ObjectReader<Value>;
}

export interface PagedListOptions<Value> extends Selection<Value> {
  readonly api: Pick<KubernetesApi, 'call'>;
  readonly clock: Clock;
  /** An object that cannot be read is left out, and reported here. Must not throw. */
  readonly onMalformed: (problem: string) => void;
}

const PAGE_LIMIT = 500;
const PAGE_TIMEOUT_MS = 20_000;

/** Lists all objects of a kind, page by page, as they are at one moment. */
export class PagedList<Value> {
  /** The server asked not to be asked before. */
  private refused: { readonly error: KubernetesApiError; readonly until: number } | null = null;

  constructor(private readonly options: PagedListOptions<Value>) {}

  /**
   * Where the server has asked to wait, it is not asked again before, and the same error is thrown.
   *
   * @returns the whole list; pages of which the rest cannot be had are never given
   * @throws KubernetesApiError (410 where the list took longer than the server remembers), KubernetesUnreachableError,
   * KubernetesAnswerError, or the signal's reason
   */
  async list(signal: AbortSignal): Promise<ObjectList<Value>> {
    if (this.refused && this.options.clock.now() < this.refused.until) throw this.refused.error;
    const objects: Observed<Value>[] = [];
    let next: string | null = null;
    for (;;) {
      const call = this.pageCall(next);
      const page = await this.page(call, signal);
      const { continueAt, items, resourceVersion } = readPage(call, page);
      for (const item of items) this.add(item, objects);
      if (continueAt === null) return { objects, resourceVersion };
      next = continueAt;
    }
  }

  private async page(call: ApiCall, signal: AbortSignal): Promise<unknown> {
    const { api, clock } = this.options;
    try {
      return await api.call(call, signal, { timeoutMs: PAGE_TIMEOUT_MS });
    } catch (error) {
      if (error instanceof KubernetesApiError && error.retryAfterMs !== null) {
        this.refused = { error, until: clock.now() + error.retryAfterMs };
      }
      throw error;
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
