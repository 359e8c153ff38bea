import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second towards programs, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;

/** Fields of /proc/<pid>/stat, counted from the state, which is the first after the name in brackets. */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** @param stat the line of /proc/<pid>/stat; the program's name in it may hold spaces and brackets */
export function cpuSecondsOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND;
}

/** @param status the text of /proc/<pid>/status */
export function residentMegabytesOf(status: string): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kilobytes === undefined) throw new Error('the process has no memory: it has ended');
  return Number(kilobytes) / 1024;
}

/** Of all threads of the process, since its start. */
export function cpuSeconds(pid: number): number {
  return cpuSecondsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

export function residentMegabytes(pid: number): number {
  return residentMegabytesOf(readFileSync(`/proc/${pid}/status`, 'utf8'));
}
