import { connect } from 'node:net';

export interface AbandonedRequest {
  /** Default POST. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: none. */
  readonly body?: string;
  /** Hang up after so many bytes of head and body. Default: after all of them. */
  readonly bytes?: number;
  /** Wait for this time for an answer that is then not read. Default 0. */
  readonly patienceMs?: number;
  /** RST in place of FIN. The server may then lose even what was sent. Default false. */
  readonly reset?: boolean;
}

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * A client that hangs up in the middle of its request. Resolves when its side is closed, with whether it had got as
 * far as to send what it wanted to; it never rejects, since a server that is gone is nothing new to such a client.
 */
export function hangUpMidRequest(url: string, request: AbandonedRequest = {}): Promise<boolean> {
  const { hostname, port, pathname, search, host } = new URL(url);
  const head = headOf(`${request.method ?? 'POST'} ${pathname}${search} HTTP/1.1`, { host, ...headersOf(request) });
  const bytes = Buffer.from(`${head}${request.body ?? ''}`).subarray(0, request.bytes);
  return new Promise((resolve) => {
    let isSent = false;
    let timer: NodeJS.Timeout | undefined;
    const socket = connect({ host: hostname, port: Number(port || 80), noDelay: true });
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy());
    const hangUp = (): void => void (request.reset ? socket.resetAndDestroy() : socket.destroy());
    socket.once('connect', () => {
      socket.write(bytes, (error) => {
        if (error) return;
        isSent = true;
        timer = setTimeout(hangUp, request.patienceMs ?? 0);
      });
    });
    socket.on('error', () => {
      // 'close' follows.
    });
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(isSent);
    });
  });
}

function headersOf(request: AbandonedRequest): Record<string, string> {
  const length = Buffer.byteLength(request.body ?? '');
  return { 'content-type': 'application/json', 'content-length': `${length}`, ...request.headers };
}

function headOf(requestLine: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${[requestLine, ...lines].join('\r\n')}\r\n\r\n`;
}
