import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scopes } from './boundaries.mjs';

const ROOT = join(__dirname, '../..');
const BLOCK = /(?<=<!-- scopes: generated -->\n)[\s\S]*(?=<!-- scopes: end -->)/;

/** The types of projects, from the outside in: a row uses rows below it. */
const TYPES = ['app', 'interface', 'domain', 'platform', 'tool', 'simulation', 'e2e'];

/** The page of the architecture with the graph of scopes as `boundaries.mjs` declares it. */
export function withScopesGraph(page: string): string {
  return page.replace(BLOCK, `\n\`\`\`text\n${graph()}\n\`\`\`\n\n`);
}

export function readArchitecture(): string {
  return readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
}

function graph(): string {
  const names = Object.entries(scopes) as [scope: string, uses: readonly string[]][];
  const width = Math.max(...names.map(([scope]) => scope.length));
  const types = typesOfScopes();
  return TYPES.flatMap((type) =>
    names
      .filter(([scope]) => types.get(scope) === type)
      .map(([scope, uses]) => `${type.padEnd(10)}  ${scope.padEnd(width)}  ${arrow(uses)}`.trimEnd()),
  ).join('\n');
}

function arrow(uses: readonly string[]): string {
  return uses.length === 0 ? '' : `──► ${uses.join(', ')}`;
}

/** Each project is a scope of its own name, and its tags say of which type. */
function typesOfScopes(): Map<string, string> {
  const files = ['apps', 'libs', 'tools'].flatMap((group) =>
    readdirSync(join(ROOT, group)).map((folder) => join(ROOT, group, folder, 'project.json')),
  );
  return new Map(files.flatMap((file) => readProject(file)));
}

function readProject(file: string): [scope: string, type: string][] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // A folder of scripts is no project.
    return [];
  }
  const { name, tags } = JSON.parse(text) as { name: string; tags: string[] };
  const [type = ''] = tags.flatMap((tag) => (tag.startsWith('type:') ? tag.slice('type:'.length) : []));
  return [[name, type]];
}
