import { connect } from 'node:net';

/** Longer than a machine that does much else keeps a process waiting. */
const REPLY_TIMEOUT_MS = 10_000;

/**
 * Sends one command in Redis' inline form over a connection of its own and returns the text of a status or bulk
 * reply. Independent of any client library, since the libraries are what the tests are about.
 * @throws the error reply, or the failure of the connection
 */
export function askRedis(port: number, command: string, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect({ port, host, noDelay: true });
    socket.setTimeout(REPLY_TIMEOUT_MS, () => socket.destroy(new Error(`no reply to ${command} in time`)));
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${command}\r\n`));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`connection closed before the reply to ${command}`)));
    socket.on('data', (chunk: string) => {
      received += chunk;
      const reply = parseReply(received);
      if (reply === null) return;
      if (reply.startsWith('-')) reject(new Error(reply.slice(1)));
      else resolve(reply);
      socket.destroy();
    });
  });
}

/** @returns `null` while the reply is not complete; an error reply keeps its leading minus */
function parseReply(received: string): string | null {
  const end = received.indexOf('\r\n');
  if (end < 0) return null;
  const head = received.slice(0, end);
  if (!head.startsWith('$')) return head.startsWith('-') ? head : head.slice(1);
  const body = received.slice(end + 2);
  const length = Number(head.slice(1));
  return Buffer.byteLength(body) >= length + 2 ? body.slice(0, -2) : null;
}
