/** What the graph needs to know of a component. */
export interface GraphNode {
  readonly name: string;
  readonly dependencies?: readonly string[];
  readonly after?: readonly string[];
}

/** Two components of one name. */
export class DuplicateComponentError extends Error {
  readonly code = 'DUPLICATE_COMPONENT';

  constructor(readonly component: string) {
    super(`component ${component} is registered twice`);
  }
}

/** A component depends on one that nobody registered. */
class UnknownDependencyError extends Error {
  readonly code = 'UNKNOWN_DEPENDENCY';

  constructor(
    readonly component: string,
    readonly dependency: string,
  ) {
    super(`component ${component} depends on ${dependency}, which is not registered`);
  }
}

/** Components depend on each other in a circle. */
class CircularDependencyError extends Error {
  readonly code = 'CIRCULAR_DEPENDENCY';

  /** @param path from a component back to itself, each depending on the next */
  constructor(readonly path: readonly string[]) {
    super(`components depend on each other in a circle: ${path.join(' -> ')}`);
  }
}

/** What must be over before this one begins. */
const predecessors = ({ dependencies = [], after = [] }: GraphNode): readonly string[] => [...dependencies, ...after];

/**
 * Every component after its predecessors; those that are free to choose stay in the order given.
 * @throws DuplicateComponentError, UnknownDependencyError, CircularDependencyError
 */
export function startOrder<Node extends GraphNode>(nodes: readonly Node[]): readonly Node[] {
  const byName = indexByName(nodes);
  const ordered = new Set<Node>();
  const path: string[] = [];
  const visit = (node: Node): void => {
    if (ordered.has(node)) return;
    const circleStart = path.indexOf(node.name);
    path.push(node.name);
    if (circleStart >= 0) throw new CircularDependencyError(path.slice(circleStart));
    for (const name of predecessors(node)) visit(known(byName, node, name));
    path.pop();
    ordered.add(node);
  };
  nodes.forEach(visit);
  return [...ordered];
}

/** As {@link startOrder}, of a part of the nodes: an edge to one that is not among them counts for nothing. */
export function orderAmong<Node extends GraphNode>(part: readonly Node[]): readonly Node[] {
  const names = new Set(part.map(({ name }) => name));
  const nodes = part.map((node) => ({
    name: node.name,
    after: predecessors(node).filter((one) => names.has(one)),
    node,
  }));
  return startOrder(nodes).map(({ node }) => node);
}

/**
 * Runs a task for each, after those of its predecessors; in parallel where they may, else one after the other.
 * @param ordered every node after its predecessors
 * @returns the end of each task, by name
 */
export function runInOrder<Node extends GraphNode>(
  ordered: readonly Node[],
  parallel: boolean,
  task: (node: Node) => Promise<void>,
): ReadonlyMap<string, Promise<void>> {
  const ends = new Map<string, Promise<void>>();
  let previous: Promise<unknown> = Promise.resolve();
  for (const node of ordered) {
    const before = parallel ? Promise.all(predecessors(node).map((name) => ends.get(name))) : previous;
    const end = before.then(() => task(node));
    ends.set(node.name, end);
    previous = end;
  }
  return ends;
}

function indexByName<Node extends GraphNode>(nodes: readonly Node[]): ReadonlyMap<string, Node> {
  const byName = new Map<string, Node>();
  for (const node of nodes) {
    if (byName.has(node.name)) throw new DuplicateComponentError(node.name);
    byName.set(node.name, node);
  }
  return byName;
}

function known<Node extends GraphNode>(byName: ReadonlyMap<string, Node>, node: Node, name: string): Node {
  const found = byName.get(name);
  if (!found) throw new UnknownDependencyError(node.name, name);
  return found;
}
