// Floor F1: what Node, ioredis and the product's Lua cost with nothing around them. No framework, no validation, no
// metrics, no logs, no deadline. Arguments: the URL of Redis. The parent asks for its port.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { serveParent } from '../processes/child-commands';
import { POOL_OF_MERCHANT, PREFIX, merchantConfig, RECORD_MS } from './fleet-names';
import { loadScripts } from './lua-scripts';

const redis = new Redis(process.argv[2] as string);
const scripts = await loadScripts(redis);
const configs = new Map(Object.entries(POOL_OF_MERCHANT).map(([id, pool]) => [id, merchantConfig(pool)]));

interface CallRequest {
  readonly call_sid: string;
  readonly merchant_id?: string;
}

async function allocate({ call_sid: callSid, merchant_id: merchant = '' }: CallRequest): Promise<object> {
  const known = [merchant, configs.get(merchant) ?? '', '', RECORD_MS, RECORD_MS, POOL_OF_MERCHANT[merchant] ?? ''];
  const reply = (await scripts.run('allocate', `${PREFIX}call:${callSid}`, PREFIX, callSid, ...known)) as string[];
  const [kind, pod, pool, allocatedAt] = reply;
  if (kind !== 'allocated') throw new Error(`allocate answered ${String(kind)}`);
  const ws_url = `ws://localhost:8000/ws/pod/${pod}/${callSid}`;
  const rest = { source_pool: `pool:${pool}`, was_existing: false, allocated_at: Number(allocatedAt) };
  return { success: true, pod_name: pod, ws_url, ...rest };
}

async function release({ call_sid: callSid }: CallRequest): Promise<object> {
  const reply = await scripts.run('release', `${PREFIX}call:${callSid}`, PREFIX, callSid);
  const [kind, pod, pool, draining] = reply as [string, string, string, number];
  if (kind !== 'released') throw new Error(`release answered ${kind}`);
  return { success: true, pod_name: pod, released_to_pool: `pool:${pool}`, was_draining: draining === 1 };
}

function readJson(request: IncomingMessage, then: (body: CallRequest) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => then(JSON.parse(Buffer.concat(chunks).toString('utf8')) as CallRequest));
}

const server = createServer((request, response) => {
  const answer = (status: number, body: object): void => {
    const text = JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  };
  readJson(request, (body) => {
    const work = request.url === '/api/v1/allocate' ? allocate(body) : release(body);
    work.then(
      (result) => answer(200, result),
      (error: unknown) => answer(500, { error: String(error) }),
    );
  });
});
server.keepAliveTimeout = 65_000;
const listening = new Promise<number>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
});
serveParent(() => listening);
