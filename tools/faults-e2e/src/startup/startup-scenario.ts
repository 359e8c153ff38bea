import {
  ApiClient,
  type ExitStatus,
  freePort,
  type LogLine,
  type SeenComponent,
  spawnApp,
  type SpawnOptions,
  type TestProcess,
  waitFor,
} from '@smart-router/testbed';

const START_TIMEOUT_MS = 60_000;

export interface Circumstances extends SpawnOptions {
  /** Default: the app that needs nothing else. */
  readonly app?: 'api' | 'smart-router';
  readonly env?: Readonly<Record<string, string>>;
}

/** A built app that is started under circumstances that may keep it from serving. */
export class StartupScenario {
  private constructor(
    readonly process: TestProcess,
    readonly api: ApiClient,
  ) {}

  static async of({ app = 'smart-router', env = {}, ...options }: Circumstances) {
    const port = await freePort();
    const ports = { HTTP_HOST: '127.0.0.1', HTTP_PORT: `${port}` };
    const defaults = { ...ports, STARTUP_PROFILE: 'test', REDIS_START_TIMEOUT: '2s', SHUTDOWN_DELAY: '0s' };
    const process = spawnApp(app, { ...defaults, ...env }, options);
    return new StartupScenario(
      process,
      new ApiClient(`http://127.0.0.1:${env['HTTP_PORT'] ?? port}`, { timeoutMs: 5_000 }),
    );
  }

  /** Everything it has written, in one text. */
  get text(): string {
    return this.process.output.join('\n');
  }

  logged(message: string): LogLine[] {
    const lines = this.process.output.filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as LogLine).filter(({ msg }) => msg === message);
  }

  /** All lines with this message, as soon as there is one: they come by another way than answers, and may be later. */
  async allLogged(message: string): Promise<LogLine[]> {
    await waitFor(() => this.logged(message).length > 0, { description: `a line "${message}"` });
    return this.logged(message);
  }

  /** How it ended by itself. @throws where it does not */
  ended(): Promise<ExitStatus> {
    return waitFor(() => this.process.exit, { timeoutMs: START_TIMEOUT_MS, description: 'the app to end by itself' });
  }

  /** Resolves when it takes calls. */
  async ready(): Promise<void> {
    await waitFor(() => this.api.isReady(), {
      timeoutMs: START_TIMEOUT_MS,
      description: `the app to be ready\n${this.process.tail()}`,
    });
  }

  /** The one fatal line of a start that failed, after the end of the process. */
  async reason(): Promise<LogLine> {
    const { code } = await this.ended();
    const lines = this.logged('start failed');
    if (code !== 1 || lines.length !== 1 || !lines[0]) throw new Error(`ended with ${code}:\n${this.text}`);
    return lines[0];
  }

  async components(): Promise<Readonly<Record<string, SeenComponent>>> {
    return (await this.api.startup()).body.components;
  }

  /** Resolves when the component has this status. */
  async becomes(component: string, status: string): Promise<SeenComponent> {
    return waitFor(
      async () => {
        const seen = (await this.components())[component];
        return seen?.status === status ? seen : null;
      },
      { timeoutMs: START_TIMEOUT_MS, description: `${component} to be ${status}` },
    );
  }
}
