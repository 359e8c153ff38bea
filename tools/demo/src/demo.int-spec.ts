import { createServer } from 'node:net';
import { once } from 'node:events';
import { NO_TROUBLE, RunningDemo } from './testing/running-demo';

const SMALL = ['--agents', '5', '--calls-per-second', '3', '--call-seconds', '1'];

describe('npm run demo', () => {
  let demo: RunningDemo | null = null;

  afterEach(async () => {
    await demo?.dispose();
    demo = null;
  });

  it('carries calls while a pod is deleted and the leader is killed, and leaves nothing when it is killed', async () => {
    demo = await RunningDemo.start(SMALL);
    demo.noteFolder();
    const before = await demo.figures();

    demo.press('x');
    await demo.line(/deleting the pod/);
    demo.press('l');
    await demo.line(/killing the leader/);
    await demo.line(/leader leader-worker-\d .*pods 5\/5/);
    const after = await demo.figures();

    expect(after.troubles).toBe(NO_TROUBLE);
    expect(after.placed).toBeGreaterThan(before.placed);

    await demo.killMain();
    await demo.hasLeftNothing();
  });

  it('refuses to start when a port is taken, and names it', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { readonly port: number };

    const { code, text } = await RunningDemo.refused([], port);
    holder.close();

    expect(text).toContain(`Port ${port} (API) is in use by another process`);
    expect(code).toBe(1);
  });

  it('refuses an option that is misspelt', async () => {
    const { code, text } = await RunningDemo.refused(['--agent', '7']);

    expect(text).toContain("Unknown option '--agent'");
    expect(code).toBe(2);
  });
});
