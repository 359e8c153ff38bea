import { type ApiServer, asStatusError } from '../api/api-server';
import { type KubernetesApi, KubernetesApiError } from './kubernetes-api';

/** Asks the simulator without a connection, past planned faults, and also while it does not serve. */
export class InProcessApi implements KubernetesApi {
  constructor(private readonly server: ApiServer) {}

  request<T>(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<T> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const url = new URL(path, 'http://kubernetes');
    try {
      const answer = this.server.answer({ method, url, body: text, contentType });
      if (answer.kind === 'watch') throw new Error('a watch needs a connection');
      return Promise.resolve(structuredClone(answer.body) as T);
    } catch (error) {
      const { status, body: refusal } = asStatusError(error);
      return Promise.reject(new KubernetesApiError(status, refusal, `${method} ${path}`));
    }
  }
}
