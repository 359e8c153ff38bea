import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How the two versions of control groups call the same things. */
const VERSIONS = [
  { root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes', swap: null, events: 'memory.oom_control' },
  { root: '/sys/fs/cgroup', limit: 'memory.max', swap: 'memory.swap.max', events: 'memory.events' },
] as const;

let groups = 0;

/**
 * A control group with so much memory for all processes in it, the limit of a container.
 * It takes root, and a machine that lets the memory of groups be limited.
 */
export class MemoryGroup {
  private constructor(
    private readonly folder: string,
    private readonly version: (typeof VERSIONS)[number],
  ) {}

  /** @returns `null` where this machine lets nobody limit memory */
  static of(limitMb: number): MemoryGroup | null {
    const folderOf = (root: string): string => join(root, `smart-router-test-${process.pid}-${++groups}`);
    for (const version of VERSIONS) {
      const group = new MemoryGroup(folderOf(version.root), version);
      if (!group.create()) continue;
      if (group.limit(limitMb)) return group;
      group.remove();
    }
    return null;
  }

  /** A command that runs the command line that follows it in this group. */
  get command(): readonly string[] {
    return ['sh', '-c', 'echo $$ >"$0/cgroup.procs" && exec "$@"', this.folder];
  }

  /** Puts a process that runs already into this group. */
  add(pid: number): void {
    writeFileSync(join(this.folder, 'cgroup.procs'), `${pid}`);
  }

  /** How many processes of it the kernel has ended. */
  get kills(): number {
    const [, count] = /^oom_kill (\d+)$/m.exec(readFileSync(join(this.folder, this.version.events), 'utf8')) ?? [];
    return Number(count);
  }

  /** To be called when its processes have ended. */
  remove(): void {
    rmdirSync(this.folder);
  }

  private create(): boolean {
    try {
      mkdirSync(this.folder);
      return true;
    } catch {
      // Not root, or a file system that is read-only.
      return false;
    }
  }

  private limit(limitMb: number): boolean {
    const { limit, swap } = this.version;
    const file = join(this.folder, limit);
    if (!existsSync(file)) return false;
    try {
      writeFileSync(file, `${limitMb}M`);
      if (swap && existsSync(join(this.folder, swap))) writeFileSync(join(this.folder, swap), '0');
      return true;
    } catch {
      // Memory is counted here, and nobody may limit it.
      return false;
    }
  }
}
