/** A request to an API server, with all permissions. */
export interface KubernetesApi {
  /**
   * @param path with query: `/api/v1/namespaces/default/pods?limit=1`
   * @returns the parsed body. @throws KubernetesApiError where the status is not a success
   */
  request<T = unknown>(method: string, path: string, body?: unknown, contentType?: string): Promise<T>;
}

/** The server refused. */
export class KubernetesApiError extends Error {
  readonly code = 'KUBERNETES_API';

  constructor(
    readonly status: number,
    /** The Status object, where the server sent one. */
    readonly body: unknown,
    request: string,
  ) {
    super(`${request}: ${status} ${JSON.stringify(body)}`);
  }
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof KubernetesApiError && error.status === status;
}
