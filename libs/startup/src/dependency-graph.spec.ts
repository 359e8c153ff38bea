import fc from 'fast-check';
import { startOrder, type GraphNode } from './dependency-graph';

const names = (nodes: readonly GraphNode[]): readonly string[] => nodes.map(({ name }) => name);

/** Any graph without a circle: each node depends on some of those before it; then the nodes are shuffled. */
const acyclic = fc.array(fc.nat()).chain((seeds) => {
  const nodes = seeds.map((seed, index) => ({
    name: `c${index}`,
    dependencies: Array.from({ length: index }, (_, before) => `c${before}`).filter(
      (_, bit) => (seed >> (bit % 30)) & 1,
    ),
  }));
  return fc.shuffledSubarray(nodes, { minLength: nodes.length });
});

describe('startOrder', () => {
  it('puts every component after what it depends on', () => {
    fc.assert(
      fc.property(acyclic, (nodes) => {
        const order = names(startOrder(nodes));
        expect([...order].sort()).toEqual([...names(nodes)].sort());
        for (const { name, dependencies } of nodes) {
          for (const dependency of dependencies) expect(order.indexOf(dependency)).toBeLessThan(order.indexOf(name));
        }
      }),
    );
  });

  it('names the circle when there is one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), acyclic, (length, others) => {
        const circle = Array.from({ length }, (_, at) => ({
          name: `x${at}`,
          dependencies: [`x${(at + 1) % length}`],
        }));
        const path = [...circle.map(({ name }) => name), 'x0'].join(' -> ');
        expect(() => startOrder([...others, ...circle])).toThrow(
          `components depend on each other in a circle: ${path}`,
        );
      }),
    );
  });

  it('names a component that depends on itself', () => {
    expect(() => startOrder([{ name: 'a', dependencies: ['a'] }])).toThrow('a -> a');
  });

  it('counts what is to go first as an edge of a circle', () => {
    const nodes = [
      { name: 'a', dependencies: ['b'] },
      { name: 'b', after: ['a'] },
    ];
    expect(() => startOrder(nodes)).toThrow('a -> b -> a');
  });

  it('names both sides of an unknown dependency', () => {
    expect(() => startOrder([{ name: 'api', dependencies: ['stor'] }])).toThrow(
      'component api depends on stor, which is not registered',
    );
  });

  it('refuses two components of one name', () => {
    expect(() => startOrder([{ name: 'api' }, { name: 'api' }])).toThrow('component api is registered twice');
  });

  it('keeps the given order where it is free to choose', () => {
    expect(names(startOrder([{ name: 'c' }, { name: 'a' }, { name: 'b', dependencies: ['a'] }]))).toEqual([
      'c',
      'a',
      'b',
    ]);
  });
});
