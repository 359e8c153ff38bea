import { readdirSync, readFileSync } from 'node:fs';

const NANOSECONDS = 1e9;

/** @param schedstats the texts of /proc/<pid>/task/<thread>/schedstat; the first number is the time on a processor, in ns */
export function cpuSecondsOf(schedstats: readonly string[]): number {
  return schedstats.reduce((sum, text) => sum + Number(text.split(' ', 1)[0]), 0) / NANOSECONDS;
}

/** @param status the text of /proc/<pid>/status */
export function residentMegabytesOf(status: string): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kilobytes === undefined) throw new Error('the process has no memory: it has ended');
  return Number(kilobytes) / 1024;
}

/**
 * Of all threads of the process that live now, since its start; no thread of what is measured here ends before it does.
 * Time that a thread waited for a processor is not in it, so it holds beside other work, too.
 */
export function cpuSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return cpuSecondsOf(threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')));
}

export function residentMegabytes(pid: number): number {
  return residentMegabytesOf(readFileSync(`/proc/${pid}/status`, 'utf8'));
}
