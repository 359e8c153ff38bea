export interface TransportRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: string | null;
  readonly contentType: string;
}

export interface TransportAnswer {
  readonly status: number;
  /** The `Retry-After` header. */
  readonly retryAfter: string | null;
  /** Ends when the server has sent everything; throws where the connection breaks before, or is aborted. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** One HTTP exchange with the API server, with whatever proves who we are. */
export interface ApiTransport {
  /**
   * @param signal ends the exchange when aborted, also while the body is read; has to be aborted where the body is
   * not read to its end
   * @throws where there is no answer
   */
  send(request: TransportRequest, signal: AbortSignal): Promise<TransportAnswer>;
}
