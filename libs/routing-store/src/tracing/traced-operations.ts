import type { Tracer } from '@smart-router/tracing';
import type { RoutingStore } from '../domain/routing-store';

/** The ports whose operations go to the store, each in one round trip or a few. */
const PORTS = [
  'calls',
  'drains',
  'pods',
  'reader',
  'documents',
  'changeLog',
] as const satisfies readonly (keyof RoutingStore)[];

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * Gives each operation of this store a span, where it belongs to a request that is traced. Invariant: every operation of
 * the ports is traced, also one that is added later. @returns the same store
 */
export function traceOperations(store: RoutingStore, tracer: Tracer): RoutingStore {
  const kind = store.kind === 'redis' ? 'client' : 'internal';
  const ports = PORTS.map((port) => {
    const follow = (name: string, work: () => Promise<unknown>): Promise<unknown> =>
      tracer.within({ name: `store.${name}`, kind, facts: factsOf(store.kind, name) }, work);
    return [port, traced(store[port], follow)] as const;
  });
  return Object.assign(store, Object.fromEntries(ports));
}

function traced<Port extends object>(
  port: Port,
  follow: (name: string, work: () => Promise<unknown>) => Promise<unknown>,
): Port {
  const known = new Map<PropertyKey, { readonly method: unknown; readonly followed: Method }>();
  return new Proxy(port, {
    get(target, name): unknown {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      const made = known.get(name);
      if (made?.method === method) return made.followed;
      const followed: Method = (...args) => follow(String(name), () => (method as Method).apply(target, args));
      known.set(name, { method, followed });
      return followed;
    },
  });
}

function factsOf(store: RoutingStore['kind'], operation: string): Readonly<Record<string, string>> {
  return { 'db.system.name': store, 'db.operation.name': operation };
}
