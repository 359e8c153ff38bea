import { ensurePackage } from './ensure-package.mjs';

/** Integration and end-to-end tests start Redis servers. */
export function ensureRedis() {
  ensurePackage({
    program: 'redis-server',
    probe: '--version',
    debianPackage: 'redis-server',
    advice: [
      'redis-server (7.0 or newer) is missing. On Debian or Ubuntu: sudo apt-get install redis-server',
      'On macOS: brew install redis. Tests that need no Redis: npm run check',
    ],
  });
}
