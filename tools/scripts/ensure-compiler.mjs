import { ensurePackage } from './ensure-package.mjs';

/** One end-to-end test moves the clock of a real Redis, by a library that it builds. */
export function ensureCompiler() {
  ensurePackage({
    program: 'cc',
    probe: '--version',
    debianPackage: 'gcc libc6-dev',
    advice: [
      'A C compiler (cc) is missing. On Debian or Ubuntu: sudo apt-get install gcc libc6-dev.',
      'Tests that need none: npm run check, npm run test:int',
    ],
  });
}
