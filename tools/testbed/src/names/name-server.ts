import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface NameServerOptions {
  readonly host: string;
  /** Default: one that is free. */
  readonly port?: number;
  /** @param name in lower case @returns `undefined` where there is no such name */
  readonly addressOf: (name: string) => string | undefined;
}

export interface NameServer {
  readonly port: number;
  close(): Promise<void>;
}

const HEADER_BYTES = 12;
const RECURSION_DESIRED = 0x0100;
const [ANSWER, NO_SUCH_NAME] = [0x8400, 0x8403];
const TYPE_A = 1;
const TTL_SECONDS = 5;

/** A name server as clusters have one: answers questions for addresses (RFC 1035), as long as it is not closed. */
export async function startNameServer({ host, port: wanted = 0, addressOf }: NameServerOptions): Promise<NameServer> {
  const socket = createSocket('udp4');
  socket.on('message', (question, { address, port }) => {
    const reply = answer(question, addressOf);
    if (reply) socket.send(reply, port, address);
  });
  socket.bind(wanted, host);
  await once(socket, 'listening');
  return { port: socket.address().port, close: () => new Promise((resolve) => socket.close(resolve)) };
}

/** @returns `null` for what is no question */
function answer(question: Buffer, addressOf: NameServerOptions['addressOf']): Buffer | null {
  const labels: string[] = [];
  let end = HEADER_BYTES;
  for (let length = question[end]; length; length = question[end]) {
    labels.push(question.toString('latin1', end + 1, end + 1 + length));
    end += length + 1;
  }
  end += 5;
  if (question.length < end) return null;
  const address = addressOf(labels.join('.').toLowerCase());
  const bytes = question.readUInt16BE(end - 4) === TYPE_A ? (address?.split('.').map(Number) ?? []) : [];
  const header = Buffer.alloc(HEADER_BYTES);
  question.copy(header, 0, 0, 2);
  const recursion = question.readUInt16BE(2) & RECURSION_DESIRED;
  header.writeUInt16BE((address === undefined ? NO_SUCH_NAME : ANSWER) | recursion, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(bytes.length > 0 ? 1 : 0, 6);
  // The name is that of the question, which stands behind the header.
  const record = [0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, TTL_SECONDS, 0, bytes.length, ...bytes];
  return Buffer.concat([header, question.subarray(HEADER_BYTES, end), Buffer.from(bytes.length > 0 ? record : [])]);
}
