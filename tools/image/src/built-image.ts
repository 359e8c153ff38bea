import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { TestProcess } from '@smart-router/testbed';

const ROOT = join(__dirname, '../../..');
const BUILDAH = ['--storage-driver', 'vfs'];

/** Mounts the root file system for reading alone, and becomes the user without any capability. */
const READ_ONLY = `
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && mount -t proc proc "$1/proc" || exit 125
root=$1; shift
exec setpriv --no-new-privs chroot --userspec=65532:65532 "$root" "$@"
`;

/** The environment of what runs here; that of the image is given apart from it. */
const SYSTEM_PATH = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly StopSignal: string;
  readonly ExposedPorts: Readonly<Record<string, object>>;
  readonly Healthcheck: { readonly Test: readonly string[] };
}

/** Why images cannot be built and run here; `null` where they can. */
export function whyNoImages(): string | null {
  if (spawnSync('buildah', ['--version']).error) return 'buildah is missing (npm run setup installs it)';
  if (process.getuid?.() !== 0) return 'only root can mount and chroot';
  if (spawnSync('unshare', ['--mount', 'true']).status !== 0) return 'this machine allows no mounts of its own';
  return null;
}

/**
 * The image as `npm run image` builds it, with its root file system mounted. Of the bundles as they are: other tests run
 * them meanwhile.
 */
export class BuiltImage {
  private constructor(
    private readonly tag: string,
    private readonly container: string,
    /** Folder with the root file system. */
    readonly root: string,
    readonly config: ImageConfig,
  ) {}

  /** @throws with what the build says */
  static build(): BuiltImage {
    const tag = `localhost/smart-router-test:${process.pid}`;
    const env = { ...process.env, NX_DAEMON: 'false' };
    const args = ['tools/image/build-image.mjs', '--built', '--tag', tag];
    execFileSync(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit'] });
    const inspected = JSON.parse(buildah('inspect', '--type', 'image', tag)) as { Docker: { config: ImageConfig } };
    const container = buildah('from', tag).trim();
    return new BuiltImage(tag, container, buildah('mount', container).trim(), inspected.Docker.config);
  }

  remove(): void {
    buildah('rm', this.container);
    buildah('rmi', this.tag);
  }

  /** Runs the entry point of the image with these arguments, in place of its own, on a root that cannot be written to. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): TestProcess {
    return this.execute([...this.config.Entrypoint, ...args], env);
  }

  /** Runs a command as Docker would run it in the container. */
  execute(command: readonly string[], env: Readonly<Record<string, string>> = {}): TestProcess {
    const given = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    // What runs before the image is entered needs the PATH of this machine.
    const variables = [...this.config.Env, ...given].filter((each) => !each.startsWith('PATH='));
    const script = ['unshare', '--mount', '/usr/bin/env', ...variables, '/bin/sh', '-c', READ_ONLY, 'sh', this.root];
    const [program = '', ...rest] = [...script, ...command];
    return TestProcess.start(program, rest, { env: SYSTEM_PATH });
  }
}

function buildah(...args: readonly string[]): string {
  return execFileSync('buildah', [...BUILDAH, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
