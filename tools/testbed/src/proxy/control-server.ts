import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { COMMAND_NAMES, InvalidCommandError, runCommand } from './proxy-commands';
import type { TcpFaultProxy } from './tcp-fault-proxy';

/** The proxy for shell scripts: `curl -X POST 'http://127.0.0.1:PORT/latency?ms=100&jitter_ms=20'`. */
export interface ControlServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** Each command of the proxy is a POST; GET / reports the ports, the open connections and the commands. */
export async function startControlServer(proxy: TcpFaultProxy, port = 0): Promise<ControlServer> {
  const server = createServer((request, response) => {
    void answer(proxy, request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(`${JSON.stringify(body)}\n`);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  const close = async (): Promise<void> => {
    server.close();
    await once(server, 'close');
  };
  return { port: address.port, close };
}

async function answer(proxy: TcpFaultProxy, request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://control');
  if (request.method === 'GET' && pathname === '/') return { status: 200, body: describe(proxy) };
  if (request.method !== 'POST') return { status: 405, body: { error: 'a command is a POST' } };
  try {
    await runCommand(proxy, pathname.slice(1), searchParams);
    return { status: 200, body: describe(proxy) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { status: error instanceof InvalidCommandError ? 400 : 500, body: { error: message } };
  }
}

function describe(proxy: TcpFaultProxy): object {
  return { proxy_port: proxy.port, connections: proxy.connections, commands: COMMAND_NAMES };
}
