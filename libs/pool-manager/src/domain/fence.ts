import type { Term } from '@smart-router/leader-election';

type Operation = (...args: unknown[]) => Promise<unknown>;

/**
 * A port of the store as the work of one term may use it: before each of its operations it is made sure that the term
 * still lasts. A process that was paused continues with whatever it was at, before any timer could inform it that its term
 * is over. What is already on its way then is refused by the store for its epoch; a drain, which has none, is not sent
 * at all. Invariant: every operation of the port is guarded, also one that is added later.
 */
export function fence<Port extends object>(port: Port, term: Pick<Term, 'assertCurrent'>): Port {
  return new Proxy(port, {
    get(target, name): unknown {
      const operation: unknown = Reflect.get(target, name);
      if (typeof operation !== 'function') return operation;
      return async (...args: unknown[]): Promise<unknown> => {
        term.assertCurrent();
        return (operation as Operation).apply(target, args);
      };
    },
  });
}
