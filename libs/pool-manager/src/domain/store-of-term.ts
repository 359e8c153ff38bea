import type { Term } from '@smart-router/leader-election';
import type { PodDrains, PodRegistry } from '@smart-router/routing-store';

const WRITES: ReadonlySet<PropertyKey> = new Set<keyof PodRegistry | keyof PodDrains>([
  'configurePool',
  'removePool',
  'registerPod',
  'removePod',
  'movePod',
  'repairPod',
  'sweepPool',
  'sweepIndexes',
  'expireLeases',
  'drain',
  'undrain',
]);

/**
 * The store as the work of one term may use it: before each write it is made sure that the term still lasts. A process
 * that was paused goes on with whatever it was at, before any timer could tell it that it leads no more. What is
 * already on its way then is refused by the store for its epoch; a drain, which has none, is not sent at all.
 */
export function storeOfTerm<Store extends object>(store: Store, term: Pick<Term, 'assertCurrent'>): Store {
  return new Proxy(store, {
    get(target, name): unknown {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      if (!WRITES.has(name)) return member.bind(target);
      return async (...args: unknown[]): Promise<unknown> => {
        term.assertCurrent();
        return member.apply(target, args);
      };
    },
  });
}
