import { ensurePackage } from './ensure-package.mjs';

/** One end-to-end test restarts processes behind a real proxy. */
export function ensureNginx() {
  ensurePackage({
    program: 'nginx',
    probe: '-v',
    debianPackage: 'nginx-light',
    advice: [
      'nginx is missing. On Debian or Ubuntu: sudo apt-get install nginx-light. On macOS: brew install nginx.',
      'Tests that need none: npm run check, npm run test:int',
    ],
  });
}
