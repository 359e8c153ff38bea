export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** The server closes the connection after this answer. */
  readonly closes: boolean;
}

const STATUS_START = 'HTTP/1.1 '.length;
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const CLOSES = /\r\nconnection: *close/i;

/**
 * Reads one answer whose length is given by `Content-Length`, the only kind that the servers here give.
 * @param received all bytes since the request, as latin1
 * @returns `null` while it is not whole
 */
export function parseAnswer(received: string): HttpAnswer | null {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const head = received.slice(0, headEnd);
  const length = CONTENT_LENGTH.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without a length: ${head}`);
  const bodyStart = headEnd + 4;
  const bodyEnd = bodyStart + Number(length);
  if (received.length < bodyEnd) return null;
  return {
    status: Number(head.slice(STATUS_START, STATUS_START + 3)),
    body: received.slice(bodyStart, bodyEnd),
    closes: CLOSES.test(head),
  };
}
