import { createServer } from 'node:net';
import { freePort } from './free-port';

it('gives ports that can be listened on, and none that Linux gives to outgoing connections', async () => {
  for (let tries = 0; tries < 20; tries++) {
    const port = await freePort();
    expect(port).toBeLessThan(32_768);
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    await new Promise((resolve) => server.close(resolve));
  }
});
