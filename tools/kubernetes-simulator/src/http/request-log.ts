import type { ResourceRequest } from '../api/request-info';

export interface RecordedRequest {
  /** Milliseconds of a monotonic clock, for distances between requests. */
  readonly atMs: number;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** `null` where the path names none. */
  readonly resource: ResourceRequest | null;
  readonly body: string;
  /** `null`: not answered, or not yet. */
  status: number | null;
}

/** Bounds the memory. */
const KEPT = 20_000;

/** The last requests, oldest first. */
export class RequestLog {
  private requests: RecordedRequest[] = [];

  get all(): readonly RecordedRequest[] {
    return this.requests;
  }

  add(request: RecordedRequest): RecordedRequest {
    this.requests.push(request);
    if (this.requests.length > KEPT) this.requests = this.requests.slice(-KEPT / 2);
    return request;
  }

  clear(): void {
    this.requests = [];
  }
}
