import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { TestProcess } from './child-process';
import { isAlive } from './process-liveness';
import { waitFor } from './wait-for';

const node = (script: string): TestProcess => TestProcess.start(process.execPath, ['-e', script], {});

describe('TestProcess', () => {
  it('keeps the lines of both streams when the process ends', async () => {
    const child = node('console.log("out"); console.error("err")');

    await child.exited;

    expect([...child.output].sort()).toEqual(['err', 'out']);
  });

  it('keeps the last lines only when it was given how many', async () => {
    const script = 'for (let i = 1; i <= 1000; i++) console.log(i)';
    const child = TestProcess.start(process.execPath, ['-e', script], { keepLines: 10 });

    await child.exited;

    expect(child.output.length).toBeLessThanOrEqual(20);
    expect(child.output.slice(-10)).toEqual(Array.from({ length: 10 }, (_, index) => `${index + 991}`));
  });

  it('passes nothing on when no environment is given', async () => {
    process.env['LEAK_PROBE'] = 'leaked';
    const child = node('console.log(process.env.LEAK_PROBE)');

    await child.exited;

    delete process.env['LEAK_PROBE'];
    expect(child.output).toEqual(['undefined']);
  });

  it('returns the exit code when the process ends on SIGTERM', async () => {
    const child = node('process.on("SIGTERM", () => process.exit(7)); setInterval(() => {}, 1000); console.log("up")');
    await waitFor(() => child.output.includes('up'), { description: 'the process to listen' });

    await expect(child.terminate(5_000)).resolves.toEqual({ code: 7, signal: null });
  });

  it('kills the process and throws when it does not end on SIGTERM', async () => {
    const child = node('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")');
    await waitFor(() => child.output.includes('up'), { description: 'the process to listen' });

    await expect(child.terminate(50)).rejects.toThrow('did not end within 50 ms');
    expect(child.exit).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('ends a paused process when it is killed', async () => {
    const child = node('setInterval(() => {}, 1000)');
    child.pause();

    await child.kill();

    expect(isAlive(child.pid)).toBe(false);
  });

  it('settles with the reason in the output when the program does not exist', async () => {
    const child = TestProcess.start('/no/such/program', [], {});

    await expect(child.exited).resolves.toEqual({ code: null, signal: null });
    expect(child.output.join()).toContain('ENOENT');
  });
});

/** Stands for a test run: watches over two sleeping processes, one of them paused, and says their numbers. */
const TEST_RUN = `
  const { dieWithParent } = require(${JSON.stringify(`${__dirname}/reaper.ts`)});
  const { spawn } = require('node:child_process');
  const sleepers = [1, 2].map(() => spawn('sleep', ['600'], { stdio: 'ignore' }));
  for (const sleeper of sleepers) dieWithParent(sleeper.pid);
  process.kill(sleepers[0].pid, 'SIGSTOP');
  console.log(sleepers.map((sleeper) => sleeper.pid).join(' '));
`;

describe('dieWithParent', () => {
  it('leaves no process behind when the test process is killed', async () => {
    const testRun = spawn(process.execPath, ['--experimental-transform-types', '-e', TEST_RUN], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(createInterface({ input: testRun.stdout }), 'line')) as [string];
    const sleepers = line.split(' ').map(Number);
    expect(sleepers.map(isAlive)).toEqual([true, true]);

    testRun.kill('SIGKILL');

    await waitFor(() => !sleepers.some(isAlive), { description: 'the sleeping processes to be killed' });
  });
});

/** Watches over a process group whose members do not end by themselves, and a folder. */
const GROUP_RUN = `
  const { endGroupWithParent, removeWithParent } = require(${JSON.stringify(`${__dirname}/reaper.ts`)});
  const { spawn } = require('node:child_process');
  const { mkdtempSync } = require('node:fs');
  const group = spawn('sh', ['-c', 'sleep 600 & sleep 600'], { stdio: 'ignore', detached: true });
  endGroupWithParent(group.pid);
  const folder = mkdtempSync('/tmp/reaper-');
  removeWithParent(folder);
  console.log(group.pid + ' ' + folder);
`;

describe('endGroupWithParent', () => {
  it('kills what is still there of a group ten seconds later, and removes the folder then', async () => {
    const testRun = spawn(process.execPath, ['--experimental-transform-types', '-e', GROUP_RUN], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(createInterface({ input: testRun.stdout }), 'line')) as [string];
    const [group = '', folder = ''] = line.split(' ');
    expect([isAlive(-Number(group)), existsSync(folder)]).toEqual([true, true]);

    testRun.kill('SIGKILL');

    await waitFor(() => !isAlive(-Number(group)) && !existsSync(folder), {
      timeoutMs: 60_000,
      description: 'the group to be killed and its folder to be removed',
    });
  });
});
