import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Where each part of the demo listens. All of 127/8 is the loopback interface on Linux, so each pod has an address. */
export interface DemoNetwork {
  /** Of the agent `voice-agent-<index>`. */
  agent(index: number): string;
  /** Of the cluster's name server. */
  readonly nameServer: string;
  /** Of the Service of the API. */
  readonly service: string;
  /** Of the pods that are no agents, in the order in which they are named here. */
  pod(kind: PodKind, index: number): string;
  readonly redis: string;
  /** Lets another demo have these addresses. */
  release(): void;
}

export type PodKind = 'api' | 'leader-worker' | 'nginx-router';

export const MAX_AGENTS = 180;
const FIRST_OF = { 'nginx-router': 210, api: 220, 'leader-worker': 230 } as const;
const CLAIM = { host: 254, port: 8000 };
const SUBNETS = 200;

/**
 * Takes addresses 127.77.n.* that no other demo has: who listens at the last of them, has them all.
 * @throws Error where this system has no such addresses
 */
export async function claimNetwork(): Promise<DemoNetwork> {
  for (let subnet = 0; subnet < SUBNETS; subnet++) {
    const claim = await tryListen(`127.77.${subnet}.${CLAIM.host}`, CLAIM.port);
    if (claim) return networkOf(subnet, claim);
  }
  throw new Error(`all of 127.77.0 to 127.77.${SUBNETS - 1} are taken by other demos`);
}

function networkOf(subnet: number, claim: Server): DemoNetwork {
  const host = (last: number): string => `127.77.${subnet}.${last}`;
  claim.unref();
  return {
    agent: (index) => host(index + 1),
    nameServer: host(200),
    service: host(201),
    pod: (kind, index) => host(FIRST_OF[kind] + index),
    redis: host(240),
    release: () => claim.close(),
  };
}

/** @throws Error with a sentence for the user where one of the ports is taken */
export async function refuseTakenPorts(first: number, uses: readonly string[]): Promise<void> {
  for (const [index, use] of uses.entries()) {
    const server = await tryListen('127.0.0.1', first + index);
    if (!server) throw new Error(takenPort(first + index, use));
    server.close();
    await once(server, 'close');
  }
}

function takenPort(port: number, use: string): string {
  const other = port < 60_000 ? port + 100 : 8080;
  return `Port ${port} (${use}) is in use by another process, maybe another demo. Stop it, or choose other ports: npm run demo -- --port ${other}`;
}

/** @returns `null` where somebody else listens there @throws where this system has no such address */
async function tryListen(host: string, port: number): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    return server;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return null;
    if (code === 'EACCES') throw new Error(`Port ${port} needs root: choose one from 1024 on.`, { cause: error });
    throw new Error(`The demo needs Linux, where all of 127.0.0.0/8 is this machine: ${String(error)}`, {
      cause: error,
    });
  }
}
