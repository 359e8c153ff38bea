import type { AnyDefinition, Priority } from '../component-definition';

/** What one `init` does: succeed, fail, never settle, or succeed a while after it was given up. */
export type InitStep = 'succeed' | 'fail' | 'hang' | 'late';

/** What happened, over all components, in order: `+store` started, `-store` stopped, `!store` failed. */
export type Trace = string[];

export interface Script {
  readonly name: string;
  readonly priority?: Priority;
  readonly dependencies?: readonly string[];
  readonly after?: readonly string[];
  readonly maxRetries?: number;
  readonly recoveryMs?: number;
  /** One for each attempt; the last one repeats. Every attempt succeeds unless given. */
  readonly steps?: readonly InitStep[];
  readonly cleanup?: 'succeed' | 'fail' | 'hang';
  readonly healthCheck?: () => Promise<unknown>;
}

/** A component that does what its script says, and writes down what happens. */
export function scriptedComponent(script: Script, trace: Trace): AnyDefinition {
  const { name, steps = ['succeed'], cleanup = 'succeed', healthCheck, ...rest } = script;
  let attempts = 0;
  return {
    priority: 'CRITICAL',
    ...rest,
    name,
    ...(healthCheck && { healthCheck }),
    init: async (signal) => {
      const step = steps[Math.min(attempts++, steps.length - 1)];
      if (step === 'hang') await new Promise(() => undefined);
      if (step === 'late') await givenUp(signal);
      trace.push(step === 'fail' ? `!${name}` : `+${name}`);
      if (step === 'fail') throw new Error(`${name} is broken`);
      return attempts;
    },
    cleanup: async () => {
      trace.push(`-${name}`);
      if (cleanup === 'hang') await new Promise(() => undefined);
      if (cleanup === 'fail') throw new Error(`${name} is stuck`);
    },
  };
}

/** Resolves some microtasks after the signal was aborted. */
async function givenUp(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  for (let ticks = 0; ticks < 20; ticks++) await Promise.resolve();
}
