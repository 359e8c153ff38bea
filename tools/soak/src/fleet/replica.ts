import { join } from 'node:path';
import { freePort, TestProcess, waitFor } from '@smart-router/testbed';

const READY_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 5_000;
const KEPT_LINES = 200;

export interface ReplicaOptions {
  /** The folder of the built app. */
  readonly app: string;
  readonly env: Readonly<Record<string, string>>;
}

/** One process of an app that can be killed and comes back under its address. */
export class Replica {
  private process: TestProcess | null = null;

  private constructor(
    private readonly options: ReplicaOptions,
    readonly port: number,
  ) {}

  /** Resolves when it is ready. */
  static async start(options: ReplicaOptions): Promise<Replica> {
    const replica = new Replica(options, await freePort());
    await replica.launch();
    return replica;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.process?.kill();
  }

  /** Comes back after it was killed; resolves when it is ready. */
  async launch(): Promise<void> {
    const env = { PATH: process.env['PATH'] ?? '', ...this.options.env, HTTP_PORT: `${this.port}`, METRICS_PORT: '0' };
    const child = TestProcess.start(process.execPath, [join(this.options.app, 'main.js')], {
      env,
      keepLines: KEPT_LINES,
    });
    this.process = child;
    const isReadyOrGone = async (): Promise<boolean> => child.exit !== null || (await this.isReady());
    const description = `${this.options.app} to be ready`;
    try {
      await waitFor(isReadyOrGone, { timeoutMs: READY_TIMEOUT_MS, description });
      if (child.exit) throw new Error(`${this.options.app} has ended`);
    } catch (error) {
      throw new Error(`${String(error)}\n${child.tail()}`, { cause: error });
    }
  }

  pause(): void {
    this.process?.pause();
  }

  resume(): void {
    this.process?.resume();
  }

  /** Its last words, for reports. */
  get tail(): string {
    return this.process?.tail() ?? '';
  }

  private async isReady(): Promise<boolean> {
    const { ok } = await fetch(`${this.url}/ready`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return ok;
  }
}
