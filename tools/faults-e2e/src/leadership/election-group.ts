import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppName, type AppProcess, type Fleet, newFleet, TcpFaultProxy, waitFor } from '@smart-router/testbed';
import type { KubernetesTarget, TargetNamespace } from '@smart-router/kubernetes-simulator';
import { Redis } from 'ioredis';

export const LEASE_NAME = 'smart-router-leader';
export interface ElectionTimings {
  readonly leaseMs: number;
  readonly renewDeadlineMs: number;
  readonly retryMs: number;
}

/** A machine that stands still for a moment must not end a term. */
export const TIMINGS: ElectionTimings = { leaseMs: 5_000, renewDeadlineMs: 4_000, retryMs: 500 };
/** How long it may take until somebody leads after a crash: the lease, and two waits between attempts. */
export const TAKEOVER_MS = TIMINGS.leaseMs + 2 * 2.2 * TIMINGS.retryMs;

const ENV: Readonly<Record<string, string>> = {
  // Often, so that whoever leads also writes.
  RECONCILE_INTERVAL: '250ms',
  CLEANUP_INTERVAL: '250ms',
  AUDIT_LENGTH: '1000000',
};

/** A process that competes, with ways of its own to Redis and to the Kubernetes API that can be cut. */
export interface Member {
  readonly identity: string;
  readonly app: AppProcess;
  readonly lineToRedis: TcpFaultProxy;
  /** `null` without Kubernetes. */
  readonly lineToApi: TcpFaultProxy | null;
}

export interface Announcement {
  readonly identity: string;
  readonly epoch: number;
}

/** A Kubernetes API server with a place for the Lease of one group. */
export interface ElectionCluster {
  readonly target: KubernetesTarget;
  readonly namespace: TargetNamespace;
}

/** Processes that compete for leadership, on a Redis of their own and in a namespace of their own, or in Redis. */
export class ElectionGroup {
  readonly members: Member[] = [];
  private started = 0;

  private constructor(
    private readonly fleet: Fleet,
    readonly keys: Redis,
    readonly cluster: ElectionCluster | null,
    private readonly folder: string,
  ) {}

  /** @param target where they compete, which stays when the group has gone; `null`: in Redis */
  static async open(target: KubernetesTarget | null, timings = TIMINGS): Promise<ElectionGroup> {
    const cluster = target && { target, namespace: await target.createNamespace() };
    const all = newFleet().productLimits().pods(3);
    const fleet = await all.env({ ...ENV, ...environmentOf(timings) }).start();
    const folder = await mkdtemp(join(tmpdir(), 'smart-router-election-'));
    const keys = new Redis(fleet.redis.url, { maxRetriesPerRequest: 1 });
    return new ElectionGroup(fleet, keys, cluster, folder);
  }

  async close(): Promise<void> {
    await Promise.all(this.members.splice(0).map((member) => this.end(member)));
    this.keys.disconnect();
    await this.fleet.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Resolves when the process is ready, whoever leads. */
  async start(name: AppName = 'leader-worker', env: Readonly<Record<string, string>> = {}): Promise<Member> {
    const identity = `${name}-${++this.started}`;
    const lineToRedis = await TcpFaultProxy.start({ target: `127.0.0.1:${this.fleet.redis.port}` });
    const lineToApi = await this.openLineToApi();
    const app = await this.fleet.start(name, {
      LEADER_ELECTION: this.cluster ? 'kubernetes' : 'redis',
      ...(this.cluster && { LEADER_ELECTION_NAMESPACE: this.cluster.namespace.name }),
      LEADER_ELECTION_IDENTITY: identity,
      REDIS_URL: `redis://127.0.0.1:${lineToRedis.port}`,
      ...(lineToApi && { KUBECONFIG: await this.writeKubeconfig(identity, lineToApi.port) }),
      ...env,
    });
    const member = { identity, app, lineToRedis, lineToApi };
    this.members.push(member);
    return member;
  }

  async kill(member: Member): Promise<void> {
    this.members.splice(this.members.indexOf(member), 1);
    await this.end(member);
  }

  /** Who leads as the store knows it; `null` for nobody. */
  async announced(): Promise<Announcement | null> {
    const { identity, epoch } = await this.keys.hgetall('voice:leader');
    return identity === undefined ? null : { identity, epoch: Number(epoch) };
  }

  /** Waits until somebody leads who satisfies the condition. */
  async leader(accepts: (found: Announcement) => boolean = () => true, timeoutMs = 20_000): Promise<Member> {
    const found = await waitFor(
      async () => {
        const announced = await this.announced();
        return announced && accepts(announced) && this.members.find((each) => each.identity === announced.identity);
      },
      { timeoutMs, description: 'a leader' },
    );
    return found as Member;
  }

  private async end({ app, lineToApi, lineToRedis }: Member): Promise<void> {
    await app.kill();
    await Promise.all([lineToRedis.close(), lineToApi?.close()]);
  }

  private async openLineToApi(): Promise<TcpFaultProxy | null> {
    return this.cluster && TcpFaultProxy.start({ target: new URL(this.cluster.target.url).host });
  }

  private async writeKubeconfig(identity: string, port: number): Promise<string> {
    const { cluster } = this;
    if (!cluster) throw new Error('there is no cluster');
    const path = join(this.folder, identity);
    const { host } = new URL(cluster.target.url);
    await writeFile(path, cluster.target.kubeconfig().replaceAll(host, `127.0.0.1:${port}`));
    return path;
  }
}

/** What a process says of leadership under `/health/details`, and whether it says that all is well. */
export async function leadershipOf({
  app,
}: Member): Promise<{ status: number; facts: Readonly<Record<string, unknown>> }> {
  const { status, body } = await app.api.healthDetails();
  return { status, facts: body.details.leadership };
}

function environmentOf({ leaseMs, renewDeadlineMs, retryMs }: ElectionTimings): Readonly<Record<string, string>> {
  return {
    LEADER_ELECTION_LEASE_DURATION: `${leaseMs}ms`,
    LEADER_ELECTION_RENEW_DEADLINE: `${renewDeadlineMs}ms`,
    LEADER_ELECTION_RETRY_PERIOD: `${retryMs}ms`,
  };
}
