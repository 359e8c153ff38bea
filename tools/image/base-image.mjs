// A base for the image from what this machine has, where no registry can be reached: the libraries that Node needs, the
// certificates of the well-known authorities, and the user of the distroless images. No shell, no package manager.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const FOLDERS = ['dev', 'etc', 'home/nonroot', 'proc', 'run', 'sys', 'tmp', 'usr/local/bin', 'var'];

/**
 * @param {string} folder a root file system is written into it, and a Dockerfile beside it
 * @param {string} node the program whose libraries are needed
 */
export function writeBase(folder, node) {
  const rootfs = join(folder, 'rootfs');
  for (const each of FOLDERS) mkdirSync(join(rootfs, each), { recursive: true });
  for (const library of librariesOf(node)) copy(library, rootfs);
  if (existsSync(CERTIFICATES)) copy(CERTIFICATES, rootfs);
  writeFileSync(
    join(rootfs, 'etc/passwd'),
    'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n',
  );
  writeFileSync(join(rootfs, 'etc/group'), 'root:x:0:\nnonroot:x:65532:\n');
  writeFileSync(join(rootfs, 'etc/nsswitch.conf'), 'hosts: files dns\n');
  const lines = ['FROM scratch', 'COPY rootfs/ /', 'ENV PATH=/usr/local/bin:/usr/bin:/bin', 'USER 65532:65532', ''];
  writeFileSync(join(folder, 'Dockerfile'), lines.join('\n'));
}

/** What `ldd` names, and what the C library loads later to look up names. */
function librariesOf(program) {
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' });
  const paths = [...listed.matchAll(/(\/\S+\.so[.\d]*) /g)].map(([, path]) => path);
  const folder = dirname(paths.find((path) => path.includes('libc.so')) ?? '/lib');
  const late = ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2'].map((name) => join(folder, name));
  return [...paths, ...late.filter((path) => existsSync(path))];
}

function copy(path, rootfs) {
  const target = join(rootfs, path);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(realpathSync(path), target);
}
