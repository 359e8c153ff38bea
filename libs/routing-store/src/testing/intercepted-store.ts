import type { CallLedger } from '../domain/calls';
import type { ChangeLog } from '../domain/change-log';
import type { ConfigDocuments, Hints } from '../domain/config-documents';
import type { FleetReader } from '../domain/fleet-reader';
import type { GrantRecovery } from '../domain/grant-recovery';
import type { LeaderEpochs } from '../domain/leader-epochs';
import type { LeaderLease } from '../domain/leader-lease';
import type { PodDrains, PodRegistry } from '../domain/pods';
import type { RoutingStore } from '../domain/routing-store';

/** The operations of all ports; no two ports have one of the same name. */
export type StoreOperations = CallLedger &
  GrantRecovery &
  PodDrains &
  PodRegistry &
  LeaderEpochs &
  LeaderLease &
  FleetReader &
  ConfigDocuments &
  ChangeLog &
  Hints;

/** An operation of a port, whatever it takes and returns. */
export type StoreOperation = (...args: unknown[]) => unknown;

/**
 * A store of which a test sees or changes every operation of every port. The operations of its lifecycle stay.
 * @param current the store behind it; looked up for each operation, so that it may be exchanged
 * @param wrap returns what is called in place of the operation
 */
export function interceptedStore(
  current: () => RoutingStore,
  wrap: (name: keyof StoreOperations, operation: StoreOperation) => StoreOperation,
): RoutingStore {
  const bound = (target: object, name: PropertyKey): unknown => {
    const member: unknown = Reflect.get(target, name);
    return typeof member === 'function' ? member.bind(target) : member;
  };
  const port = (field: PropertyKey): object =>
    new Proxy(
      {},
      {
        get: (_, name) => {
          const member = bound(Reflect.get(current(), field) as object, name);
          return typeof member === 'function' ? wrap(name as keyof StoreOperations, member as StoreOperation) : member;
        },
      },
    );
  return new Proxy({} as RoutingStore, {
    get: (_, name) => {
      const member = bound(current(), name);
      return typeof member === 'object' ? port(name) : member;
    },
  });
}

/** The store with other operations in place of some of its own. */
export function withOperations(store: RoutingStore, operations: Partial<StoreOperations>): RoutingStore {
  return interceptedStore(
    () => store,
    (name, operation) => (operations[name] as StoreOperation | undefined) ?? operation,
  );
}
