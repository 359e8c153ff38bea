import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runClosedLoop, runRepeated } from './closed-loop';
import { getRequest, releaseRequest } from './http-requests';
import { oneMerchant } from './load-command';
import { runBurst, runOpenLoop } from './open-loop';

interface Seen {
  readonly path: string;
  readonly body: { readonly call_sid?: string; readonly merchant_id?: string };
}

type Respond = (seen: Seen, response: ServerResponse) => void;

const answerAll: Respond = (_seen, response) => void response.end('{}');

let server: Server;
let seen: Seen[];
let connections: number;

/** @returns its port */
async function listen(respond: Respond): Promise<number> {
  seen = [];
  connections = 0;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const one = { path: request.url ?? '', body: (text === '' ? {} : JSON.parse(text)) as Seen['body'] };
      seen.push(one);
      respond(one, response);
    });
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const callsAt = (path: string): (string | undefined)[] =>
  seen.filter((one) => one.path === path).map(({ body }) => body.call_sid);

describe('runClosedLoop', () => {
  const loop = (port: number, cycles: number, connectionCount: number) =>
    runClosedLoop({
      kind: 'closed-loop',
      ports: [port],
      connections: connectionCount,
      until: { cycles },
      merchants: oneMerchant('acme'),
    });

  it('makes as many calls as asked for, each a fresh one, and releases each', async () => {
    const { done } = await loop(await listen(answerAll), 20, 4);

    const allocated = callsAt('/api/v1/allocate');
    expect(done).toBe(20);
    expect(new Set(allocated).size).toBe(20);
    expect(callsAt('/api/v1/release').sort()).toEqual(allocated.sort());
  });

  it('keeps its connections when the server does', async () => {
    await loop(await listen(answerAll), 20, 4);

    expect(connections).toBe(4);
  });

  it('opens another connection when the server closes one after its answer', async () => {
    const port = await listen((_seen, response) => void response.setHeader('connection', 'close').end('{}'));

    expect((await loop(port, 3, 1)).done).toBe(3);
    expect(connections).toBe(6);
  });

  it('fails when an answer is no success', async () => {
    const port = await listen((_seen, response) => {
      response.statusCode = 503;
      response.end('no pods available');
    });

    await expect(loop(port, 3, 1)).rejects.toThrow('answered with 503: no pods available');
  });

  it('fails when an answer cannot be read', async () => {
    const port = await listen((_seen, response) => {
      response.write('{');
      response.end('}');
    });

    await expect(loop(port, 3, 1)).rejects.toThrow('an answer without a length');
  });

  it('fails when the server closes the connection without an answer', async () => {
    const port = await listen((_seen, response) => response.destroy());

    await expect(loop(port, 3, 1)).rejects.toThrow('the server closed the connection');
  });

  it('calls for each merchant when they take turns', async () => {
    const merchants = { prefix: 'm-', order: 'in turn', count: 3 } as const;
    const ports = [await listen(answerAll)];
    await runClosedLoop({ kind: 'closed-loop', ports, connections: 1, until: { cycles: 4 }, merchants });

    expect(seen.flatMap(({ body }) => body.merchant_id ?? [])).toEqual(['m-0', 'm-1', 'm-2', 'm-0']);
  });
});

describe('runOpenLoop', () => {
  it('starts every call that is due although no earlier one has been answered', async () => {
    const held: ServerResponse[] = [];
    const port = await listen((_seen, response) => {
      held.push(response);
      if (held.length >= 10) for (const each of held) each.end('{}');
    });
    const arrivals = { cyclesPerSecond: 100, seconds: 0.1, merchants: oneMerchant('acme') };

    expect((await runOpenLoop({ kind: 'open-loop', port, ...arrivals })).done).toBe(10);
  });
});

describe('runBurst', () => {
  it('returns the answer to each request in the order of the requests', async () => {
    const port = await listen(({ body }, response) => void response.end(`"${body.call_sid ?? ''}"`));
    const requests = ['a', 'b', 'c'].map(releaseRequest);

    const { bodies } = await runBurst({ kind: 'burst', port, requests });

    expect(bodies).toEqual(['"a"', '"b"', '"c"']);
    expect(connections).toBe(3);
  });
});

describe('runRepeated', () => {
  it('asks the same on one connection', async () => {
    const port = await listen(answerAll);
    const { done } = await runRepeated({
      kind: 'repeated',
      port,
      request: getRequest('/api/v1/status'),
      seconds: 0.05,
    });

    expect(callsAt('/api/v1/status')).toHaveLength(done);
    expect(connections).toBe(1);
  });
});
