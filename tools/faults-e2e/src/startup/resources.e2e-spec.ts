import { once } from 'node:events';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server, type AddressInfo } from 'node:net';
import { MemoryGroup } from '@smart-router/testbed';
import { StartupScenario } from './startup-scenario';

/** Less than Node itself needs, and about twice what an idle process takes. */
const TOO_LITTLE_MEMORY_MB = 48;
const LITTLE_MEMORY_MB = 192;

const itInGroups = canLimitMemory() ? it : it.skip;

/** Fewer than Node, the pipes and two servers need. */
const TOO_FEW_DESCRIPTORS = 22;

/** A fifth of a processor where the machine lets a test say so; in any case after all others. */
const LITTLE_PROCESSOR = `
group=/sys/fs/cgroup/cpu/startup-e2e-$$
mkdir $group 2>/dev/null && echo 20000 >$group/cpu.cfs_quota_us && echo $$ >$group/cgroup.procs
renice -n 19 $$ >/dev/null`;

/** A disk of its own that goes away with the process: full, with the log on it. */
const LOG_ON_A_FULL_DISK = `
mount -t tmpfs -o size=16k none "$0" || exit 99
dd if=/dev/zero of="$0/filling" 2>/dev/null
exec "$@" >"$0/log"`;

const withShell = (preparation: string): readonly string[] => ['sh', '-c', `${preparation}; exec "$@"`, 'sh'];

describe('a start without what it needs of the machine', () => {
  let app: StartupScenario | null = null;

  afterEach(() => app?.process.kill());

  it('ends, and says why, where its heap does not suffice', async () => {
    app = await StartupScenario.of({ nodeOptions: ['--max-old-space-size=8'] });
    const { code, signal } = await app.ended();
    expect([code, signal]).not.toEqual([0, null]);
    expect(app.text).toContain('heap out of memory');
  });

  describe('in a container', () => {
    let group: MemoryGroup | null = null;

    afterEach(async () => {
      await app?.process.kill();
      group?.remove();
      group = null;
    });

    const startWith = async (limitMb: number): Promise<StartupScenario> => {
      group = MemoryGroup.of(limitMb);
      app = await StartupScenario.of({ under: group?.command ?? [] });
      return app;
    };

    itInGroups('is ended by the kernel, and not left half started, where the memory does not suffice', async () => {
      const start = await startWith(TOO_LITTLE_MEMORY_MB);
      expect(await start.ended()).toEqual({ code: null, signal: 'SIGKILL' });
      expect(group?.kills).toBe(1);
      expect(start.logged('ready')).toEqual([]);
    });

    itInGroups('starts with little memory', async () => {
      const start = await startWith(LITTLE_MEMORY_MB);
      await start.ready();
      expect(await start.becomes('http', 'SUCCESS')).toMatchObject({ retries: 0 });
      expect(group?.kills).toBe(0);
    });
  });

  describe('with a port that is in use', () => {
    let taken: Server;
    let port: string;

    beforeEach(async () => {
      taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      port = String((taken.address() as AddressInfo).port);
    });

    afterEach(() => void taken.close());

    it('names the port of the API and HTTP_PORT, and ends', async () => {
      app = await StartupScenario.of({ env: { HTTP_PORT: port } });
      const reason = expect.stringMatching(new RegExp(`port ${port} is in use .*HTTP_PORT`));
      expect(await app.reason()).toMatchObject({ code: 'PORT_UNAVAILABLE', reason });
    });

    it('ends for the port of the metrics, too, where the start is not to be robust', async () => {
      app = await StartupScenario.of({ env: { METRICS_PORT: port, USE_ROBUST_STARTUP: 'false' } });
      const reason = expect.stringMatching(new RegExp(`port ${port} is in use .*METRICS_PORT`));
      expect(await app.reason()).toMatchObject({ code: 'PORT_UNAVAILABLE', reason });
    });

    it('serves without the port of the metrics, and takes it when it is free', async () => {
      app = await StartupScenario.of({ env: { METRICS_PORT: port } });
      await app.ready();
      expect(await app.becomes('metrics_server', 'DEGRADED')).toMatchObject({ error: 'PORT_UNAVAILABLE' });
      taken.close();
      await app.becomes('metrics_server', 'SUCCESS');
      expect(await app.allLogged('a component is back')).toHaveLength(1);
    });
  });

  it('says that file descriptors have run out, and ends', async () => {
    app = await StartupScenario.of({ under: withShell(`ulimit -n ${TOO_FEW_DESCRIPTORS}`) });
    expect((await app.ended()).code).toBe(1);
    expect(app.text).toContain('EMFILE');
  });

  it('starts all the same with a small part of a processor', async () => {
    app = await StartupScenario.of({ under: withShell(LITTLE_PROCESSOR) });
    await app.ready();
    expect(await app.becomes('http', 'SUCCESS')).toMatchObject({ retries: 0 });
    await app.process.kill();
    const group = `/sys/fs/cgroup/cpu/startup-e2e-${app.process.pid}`;
    if (existsSync(group)) rmdirSync(group);
  });

  it('serves with its log on a disk that is full, and ends when it is asked to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'smart-router-disk-'));
    const unshare = process.getuid?.() === 0 ? ['unshare', '-m'] : ['unshare', '-rm'];
    app = await StartupScenario.of({ under: [...unshare, 'sh', '-c', LOG_ON_A_FULL_DISK, folder] });
    await app.ready();
    expect(await app.becomes('http', 'SUCCESS')).toMatchObject({ retries: 0 });
    expect(await app.process.terminate(40_000)).toEqual({ code: 0, signal: null });
    rmdirSync(folder);
  });
});

function canLimitMemory(): boolean {
  const group = MemoryGroup.of(LITTLE_MEMORY_MB);
  group?.remove();
  return group !== null;
}
