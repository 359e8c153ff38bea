// Becomes main.js of every bundle. It is apart from the application, since that loads its dependencies before the
// first line runs, and they would fail on an old Node with an error that nobody understands.
import nodeModule from 'node:module';
import { join } from 'node:path';

const [major, minor] = process.versions.node.split('.').map(Number);
const isAtLeast = (wantedMajor, wantedMinor) => major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);

if (!isAtLeast(20, 19)) {
  process.stderr.write(`Node ${process.versions.node} is too old: 22.19 or newer is needed, 24 is best.\n`);
  process.exit(1);
}
if (!isAtLeast(22, 19)) {
  process.stderr.write(`Node ${process.versions.node} is out of support: use 22.19 or newer, 24 is best.\n`);
}

// Where memory is free V8 gives 128 MB to new objects, and fills them before it looks which are still used. It takes
// this size from its command line only, so Node begins once more, in the same process. A size that was asked for stays.
const NEW_OBJECTS = '--max-semi-space-size=16';
const isSizeGiven = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((text) =>
  /semi[-_]space[-_]size/.test(text),
);
if (process.execve && !isSizeGiven) {
  process.execve(process.execPath, [process.argv0, NEW_OBJECTS, ...process.execArgv, ...process.argv.slice(1)]);
}

// What V8 has made of the code at the build, as long as this is the same version of Node, and the same user.
if (isAtLeast(24, 12)) {
  nodeModule.enableCompileCache({ directory: join(import.meta.dirname, 'compile-cache'), portable: true });
}

await import('./app.js');
