import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

/**
 * Reads what to do when its input ends, which the system closes when the test process ends in whatever way: "+ pid" is
 * killed, "g pid" is a process group that has been asked to end and is killed after ten seconds, "d path" is removed.
 * "- pid" takes one of them back. It ignores the signals of Ctrl-C, since it has to outlive the test process.
 */
const REAPER = `
trap '' HUP INT TERM
alive=' '
groups=' '
folder=
while read -r change it; do
  case $change in
    +) alive="$alive$it " ;;
    g) groups="$groups$it " ;;
    d) folder=$it ;;
    -)
      case "$alive" in *" $it "*) alive="\${alive%% $it *} \${alive#* $it }" ;; esac
      case "$groups" in *" $it "*) groups="\${groups%% $it *} \${groups#* $it }" ;; esac
      ;;
  esac
done
for pid in $alive; do kill -9 "$pid" 2>/dev/null; done
tries=100
for group in $groups; do
  while [ $tries -gt 0 ] && kill -s 0 -- "-$group" 2>/dev/null; do
    sleep 0.1
    tries=$((tries - 1))
  done
  kill -s KILL -- "-$group" 2>/dev/null
done
if [ -n "$folder" ]; then rm -rf -- "$folder"; fi
`;

type ReaperProcess = ChildProcessByStdio<Writable, Readable | null, Readable | null>;

let reaper: ReaperProcess | null = null;
const watched = new Set<number | string>();

/** From now on the process dies at the latest with this one, even where this one is killed. */
export function dieWithParent(pid: number): void {
  watch('+', pid);
}

/** The process group has ten seconds to end by itself after the end of this process. @param pid of the one that leads it */
export function endGroupWithParent(pid: number): void {
  watch('g', pid);
}

/** The folder is removed when this process has ended, and all process groups with it. One folder at a time. */
export function removeWithParent(folder: string): void {
  watch('d', folder);
}

/** To be called when the process has ended, so that a later process of the same number is left alone. */
export function hasEnded(pid: number): void {
  if (!watched.delete(pid)) return;
  reaper?.stdin.write(`- ${pid}\n`);
  if (watched.size > 0) return;
  reaper?.stdin.end();
  reaper = null;
}

function watch(change: '+' | 'g' | 'd', what: number | string): void {
  reaper ??= startReaper();
  watched.add(what);
  reaper.stdin.write(`${change} ${what}\n`);
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
