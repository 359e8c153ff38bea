import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { newRequestId } from '../request-id';
import { ERROR_CODES, type ErrorCode } from './error-codes';

const PARSER_CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'BODY_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
};

/**
 * Answers what never became a request: the bytes were no HTTP, or came too slowly. There is no reply object yet, so
 * the answer is written to the socket, in the one shape of all errors.
 */
export function answerUnparsedRequest(error: Error & { code?: string }, socket: Socket): void {
  // The client is gone, or an answer is under way already.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const code = PARSER_CODES[error.code ?? ''] ?? 'INVALID_REQUEST';
  const { status, text } = ERROR_CODES[code];
  const requestId = newRequestId();
  const body = JSON.stringify({ error: text, code, request_id: requestId });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-ID: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
