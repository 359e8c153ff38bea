import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { scopes, types } from './boundaries.mjs';

interface Project {
  readonly name: string;
  readonly folder: string;
  readonly tags: readonly string[];
  readonly targets: readonly string[];
}

const ROOT = join(__dirname, '../..');

const projects: Project[] = ['apps', 'libs', 'tools'].flatMap((group) =>
  readdirSync(join(ROOT, group), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('project.json') && !path.includes('node_modules'))
    .map((path) => readProject(join(group, dirname(path)))),
);

function readProject(folder: string): Project {
  const { name, tags, targets } = JSON.parse(readFileSync(join(ROOT, folder, 'project.json'), 'utf8')) as {
    name: string;
    tags: string[];
    targets: Record<string, unknown>;
  };
  return { name, folder, tags, targets: Object.keys(targets) };
}

const allScopes: Readonly<Record<string, readonly string[]>> = scopes;
const named = projects.map((project) => [project.name, project] as const);

/** Which kind of tests needs which target. */
const TEST_TARGETS = [
  ['test', /\.spec\.ts$/],
  ['test-int', /\.int-spec\.ts$/],
  ['e2e', /\.e2e-spec\.ts$/],
] as const;

describe('every project', () => {
  it.each(named)('has one known type when it is %s', (_name, { tags }) => {
    const own = tags.filter((tag) => tag.startsWith('type:'));

    expect(own).toHaveLength(1);
    expect(types.map(({ sourceTag }) => sourceTag)).toEqual(expect.arrayContaining(own));
  });

  it.each(named)('has its own name as its one scope when it is %s', (name, { tags }) => {
    expect(tags.filter((tag) => tag.startsWith('scope:'))).toEqual([`scope:${name}`]);
    expect(Object.keys(allScopes)).toContain(name);
  });

  it.each(named)('runs all kinds of tests that it has, and no other, when it is %s', (_name, { folder, targets }) => {
    const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
    const needed = TEST_TARGETS.filter(([, pattern]) => files.some((file) => pattern.test(file)));

    const declared = TEST_TARGETS.filter(([target]) => targets.includes(target));

    expect(declared).toEqual(needed);
  });
});

// Without its edges a result from the cache may be that of older sources.
it('has its imports as edges in the graph of Nx', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'project-graph-')), 'graph.json');
  const env = { ...process.env, NX_DAEMON: 'false' };
  execFileSync(join(ROOT, 'node_modules/.bin/nx'), ['graph', `--file=${file}`], { cwd: ROOT, env, stdio: 'ignore' });
  const { graph } = JSON.parse(readFileSync(file, 'utf8')) as {
    graph: { dependencies: Record<string, readonly { target: string }[]> };
  };
  const imported = graph.dependencies['api']?.map(({ target }) => target);
  expect(imported).toEqual(expect.arrayContaining(['http-api', 'tier-config', 'runtime']));
});

describe('the graph of scopes', () => {
  it('names only projects that exist', () => {
    const names = projects.map(({ name }) => name);

    expect(
      Object.entries(allScopes)
        .flat(2)
        .filter((scope) => !names.includes(scope)),
    ).toEqual([]);
  });

  it('has no cycle', () => {
    const cycles = Object.keys(allScopes).filter((scope) => reachableFrom(scope).has(scope));

    expect(cycles).toEqual([]);
  });
});

function reachableFrom(start: string): Set<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let scope = open.pop(); scope !== undefined; scope = open.pop()) {
    for (const used of allScopes[scope] ?? []) {
      if (seen.has(used)) continue;
      seen.add(used);
      open.push(used);
    }
  }
  return seen;
}
