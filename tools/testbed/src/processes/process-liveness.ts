/** Whether a process of this number exists; the null signal only asks. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: the answer is no.
    return false;
  }
}
