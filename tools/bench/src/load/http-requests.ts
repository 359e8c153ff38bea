/** The requests of the load, as the bytes that go out. */

const HOST = 'Host: 127.0.0.1';

export function allocateRequest(callSid: string, merchantId: string): string {
  return post('/api/v1/allocate', 'application/json', `{"call_sid":"${callSid}","merchant_id":"${merchantId}"}`);
}

export function releaseRequest(callSid: string): string {
  return post('/api/v1/release', 'application/json', `{"call_sid":"${callSid}"}`);
}

export function getRequest(path: string): string {
  return `GET ${path} HTTP/1.1\r\n${HOST}\r\n\r\n`;
}

/** @param body ASCII only: its length is counted in characters */
export function post(path: string, contentType: string, body: string, headers: readonly string[] = []): string {
  const lines = [HOST, `Content-Type: ${contentType}`, `Content-Length: ${body.length}`, ...headers];
  return `POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}
