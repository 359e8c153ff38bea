import type { Timers } from '../domain/timers';

/** Real time. A waiting timer does not keep the process alive. */
export const systemTimers: Timers = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
