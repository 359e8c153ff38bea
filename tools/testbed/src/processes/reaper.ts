import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

/**
 * Reads "+ pid" and "- pid". At the end of its input, which the system closes when the test process ends in whatever
 * way, it kills what is left. It ignores the signals of Ctrl-C, since it has to outlive the test process.
 */
const REAPER = `
trap '' HUP INT TERM
alive=' '
while read -r change pid; do
  case $change in
    +) alive="$alive$pid " ;;
    -) case "$alive" in *" $pid "*) alive="\${alive%% $pid *} \${alive#* $pid }" ;; esac ;;
  esac
done
for pid in $alive; do kill -9 "$pid" 2>/dev/null; done
`;

type ReaperProcess = ChildProcessByStdio<Writable, Readable | null, Readable | null>;

let reaper: ReaperProcess | null = null;
const watched = new Set<number>();

/** From now on the process dies at the latest with this one, even where this one is killed. */
export function dieWithParent(pid: number): void {
  reaper ??= startReaper();
  watched.add(pid);
  reaper.stdin.write(`+ ${pid}\n`);
}

/** To be called when the process has ended, so that a later process of the same number is left alone. */
export function hasEnded(pid: number): void {
  if (!watched.delete(pid)) return;
  reaper?.stdin.write(`- ${pid}\n`);
  if (watched.size > 0) return;
  reaper?.stdin.end();
  reaper = null;
}

function startReaper(): ReaperProcess {
  const child = spawn('sh', ['-c', REAPER], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.on('error', (error) => {
    throw new Error('cannot watch over the processes of this test', { cause: error });
  });
  child.unref();
  // The pipe must not keep the test process from ending.
  if (child.stdin instanceof Socket) child.stdin.unref();
  return child;
}
