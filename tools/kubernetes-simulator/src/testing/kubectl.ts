import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface KubectlResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real kubectl, with a folder of its own for what it remembers. */
export class Kubectl {
  private readonly running = new Set<ChildProcessWithoutNullStreams>();

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    private readonly namespace: string,
  ) {}

  /** @throws where KUBECTL does not name the program */
  static async open(kubeconfig: string, namespace: string): Promise<Kubectl> {
    const program = process.env['KUBECTL'];
    if (!program) throw new Error('KUBECTL is not set: `npm run test:kube` fetches it');
    const folder = await mkdtemp(join(tmpdir(), 'smart-router-kubectl-'));
    await writeFile(join(folder, 'config'), kubeconfig, { mode: 0o600 });
    return new Kubectl(program, folder, namespace);
  }

  /** Runs a command to its end. @param input what it reads from stdin, for `-f -` */
  async run(args: readonly string[], input = ''): Promise<KubectlResult> {
    const child = this.start(args);
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString('utf8')));
    child.stdin.end(input);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, ...output };
  }

  /** Stdout of a command. @throws where it fails */
  async output(args: readonly string[], input = ''): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  }

  /** A command that runs until `close`; its lines come into the list. */
  follow(args: readonly string[]): readonly string[] {
    const lines: string[] = [];
    this.start(args).stdout.on('data', (chunk: Buffer) => {
      lines.push(...chunk.toString('utf8').trim().split('\n'));
    });
    return lines;
  }

  async close(): Promise<void> {
    for (const child of this.running) child.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private start(args: readonly string[]): ChildProcessWithoutNullStreams {
    const child = spawn(this.program, ['--namespace', this.namespace, ...args], {
      env: { PATH: process.env['PATH'], HOME: this.folder, KUBECONFIG: join(this.folder, 'config') },
    });
    this.running.add(child);
    child.once('close', () => this.running.delete(child));
    return child;
  }
}
