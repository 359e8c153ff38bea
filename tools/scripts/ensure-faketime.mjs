import { ensurePackage } from './ensure-package.mjs';

/** The clocks of single processes are shifted in one end-to-end test, which is left out where that is not possible. */
export function ensureFaketime() {
  ensurePackage({
    program: 'faketime',
    probe: '--version',
    debianPackage: 'faketime',
    isOptional: true,
    advice: [
      'faketime is missing, so that the tests with clocks that differ are left out.',
      'On Debian or Ubuntu: sudo apt-get install faketime.',
    ],
  });
}
