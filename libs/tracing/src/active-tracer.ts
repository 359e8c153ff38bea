import type { Tracer } from './tracer';

let active: Tracer | null = null;

/** Makes this the tracer of the process, before any module is built. */
export function activateTracer(tracer: Tracer | null): void {
  active = tracer;
}

/** The tracer of this process; `null` where traces are off. */
export function activeTracer(): Tracer | null {
  return active;
}
