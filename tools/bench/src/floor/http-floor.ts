// Floor F1: what Node, ioredis and the product's Lua cost with nothing around them. No framework, no validation, no
// metrics, no logs, no deadline. Arguments: the URL of Redis. The parent says which scripts, and asks for the port.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { serveParent } from '../processes/child-commands';
import { type CallScripts, runSent } from './sent-scripts';

const redis = new Redis(process.argv[2] as string);

interface CallRequest {
  readonly call_sid: string;
}

async function allocate({ allocate: script }: CallScripts, callSid: string): Promise<object> {
  const [, pod, pool, allocatedAt] = await runSent(redis, script, callSid, 'allocated');
  const ws_url = `ws://localhost:8000/ws/pod/${pod}/${callSid}`;
  const rest = { source_pool: `pool:${pool}`, was_existing: false, allocated_at: Number(allocatedAt) };
  return { success: true, pod_name: pod, ws_url, ...rest };
}

async function release({ release: script }: CallScripts, callSid: string): Promise<object> {
  const [, pod, pool, draining] = await runSent(redis, script, callSid, 'released');
  return { success: true, pod_name: pod, released_to_pool: `pool:${pool}`, was_draining: Number(draining) === 1 };
}

function readJson(request: IncomingMessage, then: (body: CallRequest) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => then(JSON.parse(Buffer.concat(chunks).toString('utf8')) as CallRequest));
}

function serve(scripts: CallScripts): Promise<number> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      const text = JSON.stringify(body);
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      response.end(text);
    };
    readJson(request, ({ call_sid: callSid }) => {
      const work = request.url === '/api/v1/allocate' ? allocate(scripts, callSid) : release(scripts, callSid);
      work.then(
        (result) => answer(200, result),
        (error: unknown) => answer(500, { error: String(error) }),
      );
    });
  });
  server.keepAliveTimeout = 65_000;
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

serveParent(serve);
