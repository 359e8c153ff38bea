// Becomes main.js of every bundle. It is apart from the application, since that loads its dependencies before the
// first line runs, and they would fail on an old Node with an error that nobody understands.
const [major, minor] = process.versions.node.split('.').map(Number);
const isAtLeast = (wantedMajor, wantedMinor) => major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);

if (!isAtLeast(20, 19)) {
  process.stderr.write(`Node ${process.versions.node} is too old: 22.19 or newer is needed, 24 is best.\n`);
  process.exit(1);
}
if (!isAtLeast(22, 19)) {
  process.stderr.write(`Node ${process.versions.node} is out of support: use 22.19 or newer, 24 is best.\n`);
}
await import('./app.js');
