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

// Where memory is free V8 lets its heap grow instead of looking what is still used: new objects get 128 MB, and old ones
// up to four times what is in use. Here they get 8 MB for each half, and twice. V8 takes this from its command line only,
// so Node begins once more, in the same process. What was asked for stays.
const HEAP = ['--max-semi-space-size=8', '--heap-growing-percent=100'];
// glibc keeps what was freed: by default twice the largest block that it has seen, and what its caches hold on to. The
// largest is the text of the application, which is read once.
const GLIBC_TUNABLES = 'glibc.malloc.trim_threshold=131072:glibc.malloc.tcache_count=0';
const given = `${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS ?? ''}`.replaceAll('_', '-');
const missing = HEAP.filter((option) => !given.includes(option.split('=', 1)[0]));
if (process.execve && missing.length > 0) {
  const args = [process.argv0, ...missing, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, args, { GLIBC_TUNABLES, ...process.env });
}

// What V8 has made of the code at the build, as long as this is the same version of Node, and the same user.
if (isAtLeast(24, 12)) {
  nodeModule.enableCompileCache({ directory: join(import.meta.dirname, 'compile-cache'), portable: true });
}

await import('./app.js');
