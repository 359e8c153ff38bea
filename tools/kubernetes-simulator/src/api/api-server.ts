import { PODS } from '../objects/resource-kind';
import { badRequest, noSuchPath, notFound, StatusError } from '../objects/status-error';
import type { RevisionStore } from '../storage/revision-store';
import type { AccessControl } from './access';
import type { GracePeriods } from './grace-periods';
import { answerList } from './list-request';
import { answerDelete, type DeleteOptions, ObjectRemover } from './object-remover';
import { ObjectWriter, type WriterEnvironment } from './object-writer';
import { type ResourceRequest, resourceKindOf, resourceRequest } from './request-info';
import { openWatch, type WatchFeed } from './watch-request';

/** A request without its transport. */
export interface ApiCall {
  readonly method: string;
  readonly url: URL;
  /** Default: JSON. */
  readonly contentType?: string;
  /** Empty where there is none. */
  readonly body: string;
}

export type ApiAnswer =
  | { readonly kind: 'json'; readonly status: number; readonly body: object }
  | { readonly kind: 'watch'; readonly feed: WatchFeed };

/** The API server behind any transport: `authorize` decides who may ask, `answer` does what is asked. */
export class ApiServer {
  private readonly writer: ObjectWriter;
  private readonly remover: ObjectRemover;

  constructor(
    private readonly store: RevisionStore,
    private readonly access: AccessControl,
    private readonly gracePeriods: GracePeriods,
    environment: WriterEnvironment,
  ) {
    this.writer = new ObjectWriter(store, environment);
    this.remover = new ObjectRemover(store, () => environment.now());
  }

  /** @throws StatusError 401, 403 */
  authorize(authorization: string | undefined, request: ResourceRequest | null): void {
    const user = this.access.authenticate(authorization);
    if (request) this.access.authorize(user, request);
  }

  /** @throws StatusError */
  answer(call: ApiCall): ApiAnswer {
    const request = resourceRequest(call.method, call.url.pathname, call.url.searchParams);
    if (!request) throw noSuchPath();
    const resource = resourceKindOf(request);
    switch (request.verb) {
      case 'watch':
        return { kind: 'watch', feed: openWatch(this.store, resource, request) };
      case 'list':
        return json(200, answerList(this.store, resource, request));
      case 'get':
        return json(200, this.read(request));
      default:
        return this.answerWrite(call, request);
    }
  }

  private answerWrite(call: ApiCall, request: ResourceRequest): ApiAnswer {
    const resource = resourceKindOf(request);
    switch (request.verb) {
      case 'create':
        return json(201, this.writer.create(resource, request, parse(call.body)));
      case 'update': {
        const { object, isNew } = this.writer.update(resource, request, parse(call.body));
        return json(isNew ? 201 : 200, object);
      }
      case 'patch':
        return json(200, this.writer.patch(resource, request, parse(call.body), call.contentType ?? ''));
      default:
        return json(200, this.remove(request, call.body));
    }
  }

  private read(request: ResourceRequest): object {
    const resource = resourceKindOf(request);
    const object = this.store.get(resource, resource.namespaced ? request.namespace : '', request.name);
    if (!object) throw notFound(resource, request.name);
    return object;
  }

  private remove(request: ResourceRequest, body: string): object {
    const resource = resourceKindOf(request);
    const options = (body === '' ? {} : parse(body)) as DeleteOptions;
    const removal = this.remover.remove(resource, request, options);
    if (!removal.isGone && resource === PODS) this.gracePeriods.begin(removal.object, this.remover);
    return answerDelete(resource, removal);
  }
}

function json(status: number, body: object): ApiAnswer {
  return { kind: 'json', status, body };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${String(error)}`);
  }
}

/** What a failed request is answered with. Anything unexpected is 500, as on the real server. */
export function asStatusError(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  const message = `Internal error occurred: ${String(error)}`;
  const details = { causes: [{ message: String(error) }] };
  return new StatusError({ code: 500, reason: 'InternalError', message, details });
}
