import { posix } from 'node:path';
import ts from 'typescript';

/** A name that a file imports from another one; ALL for `import * as` and for `import()`. */
interface Link {
  readonly from: string;
  readonly name: string;
}

/** `export { name as as } from`; ALL for `export * from`. */
interface Forward extends Link {
  readonly as: string;
}

interface Declared {
  readonly name: string;
  /** Types and errors describe what production uses. Tests may be the only ones that name them. */
  readonly isDescription: boolean;
}

interface Source {
  readonly path: string;
  readonly declared: readonly Declared[];
  readonly imports: readonly Link[];
  readonly forwards: readonly Forward[];
}

/** Each as `path: name`. */
export interface UnusedExports {
  /** What production code exports and no other file imports. */
  readonly unused: readonly string[];
  /** Functions, classes and constants of production code that only tests and tools import. */
  readonly onlyTests: readonly string[];
  /** What an `index.ts` exports and no other project imports; of `export *` one name that is imported is enough. */
  readonly entries: readonly string[];
}

const ALL = '*';
const PRODUCTION = /^(libs|apps)\/(?!.*(\/testing\/|[.-]spec\.ts$))(?![\w-]*e2e\/)/;

/**
 * Finds exports that nobody needs.
 *
 * @param texts all TypeScript sources by their path in the repository
 * @param aliases names of entries, each with the path of its source
 */
export function findUnusedExports(
  texts: ReadonlyMap<string, string>,
  aliases: ReadonlyMap<string, string>,
): UnusedExports {
  const sources = new Map([...texts].map(([path, text]) => [path, readSource(path, text, { texts, aliases })]));
  const users = new Users(sources);
  const production = [...sources.values()].filter(({ path }) => PRODUCTION.test(path));
  const declared = production.flatMap((source) => source.declared.map((each) => ({ ...each, path: source.path })));
  const unused = declared.filter(({ path, name }) => users.of(path, name).length === 0);
  const onlyTests = declared.filter(
    ({ path, name, isDescription }) =>
      !isDescription && users.of(path, name).length > 0 && !users.of(path, name).some((user) => PRODUCTION.test(user)),
  );
  const show = ({ path, name }: { path: string; name: string }): string => `${path}: ${name}`;
  return {
    unused: unused.map(show),
    onlyTests: onlyTests.map(show),
    entries: production.flatMap((source) => unusedForwards(source, users)).map(show),
  };
}

function unusedForwards({ path, forwards }: Source, users: Users): { path: string; name: string }[] {
  const isUser = (user: string): boolean => !path.endsWith('index.ts') || projectOf(user) !== projectOf(path);
  return forwards
    .map((forward) => ({ path, name: keyOf(forward) }))
    .filter(({ name }) => !users.of(path, name).some(isUser));
}

/** A library, an app or a tool. */
function projectOf(path: string): string {
  return path.split('/', 2).join('/');
}

/** `export *` has no name of its own. */
function keyOf({ as, from }: Forward): string {
  return as === ALL ? `* of ${from}` : as;
}

/** Who imports what, through whichever file that passes it on. */
class Users {
  private readonly users = new Map<string, Set<string>>();

  constructor(private readonly sources: ReadonlyMap<string, Source>) {
    for (const { path, imports } of sources.values()) for (const link of imports) this.add(path, link);
  }

  of(path: string, name: string): string[] {
    return [...(this.users.get(`${path}: ${name}`) ?? [])];
  }

  private add(user: string, { from, name }: Link): void {
    const source = this.sources.get(from);
    if (source === undefined) return;
    for (const each of source.declared) if (name === ALL || each.name === name) this.note(user, from, each.name);
    for (const forward of source.forwards) {
      const passed = this.passedOn(forward, name);
      if (passed === undefined) continue;
      this.note(user, from, keyOf(forward));
      this.add(user, { from: forward.from, name: passed });
    }
  }

  private note(user: string, path: string, name: string): void {
    const key = `${path}: ${name}`;
    this.users.set(key, (this.users.get(key) ?? new Set()).add(user));
  }

  /** @returns what the file behind is asked for; `undefined` where this is not the way to the name */
  private passedOn({ from, name, as }: Forward, asked: string): string | undefined {
    if (as !== ALL) return asked === as || asked === ALL ? name : undefined;
    return asked === ALL || this.provides(from, asked) ? asked : undefined;
  }

  private provides(path: string, name: string): boolean {
    const { declared = [], forwards = [] } = this.sources.get(path) ?? {};
    return (
      declared.some((each) => each.name === name) ||
      forwards.some(({ as, from }) => as === name || (as === ALL && this.provides(from, name)))
    );
  }
}

interface Context {
  readonly texts: ReadonlyMap<string, string>;
  readonly aliases: ReadonlyMap<string, string>;
}

function readSource(path: string, text: string, context: Context): Source {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const { statements } = file;
  const targetOf = (module: ts.Expression | undefined): string | undefined =>
    module !== undefined && ts.isStringLiteral(module) ? resolve(path, module.text, context) : undefined;
  return {
    path,
    declared: statements.flatMap(readDeclared),
    imports: [
      ...statements.filter(ts.isImportDeclaration).flatMap((each) => {
        const from = targetOf(each.moduleSpecifier);
        return from === undefined ? [] : importedNames(each).map((name) => ({ from, name }));
      }),
      ...lateImports(file).flatMap((module) => {
        const from = targetOf(module);
        return from === undefined ? [] : [{ from, name: ALL }];
      }),
    ],
    forwards: statements.filter(ts.isExportDeclaration).flatMap((each) => {
      const from = targetOf(each.moduleSpecifier);
      return from === undefined ? [] : forwardedNames(each).map((names) => ({ from, ...names }));
    }),
  };
}

/** What `import()` names, wherever it stands. */
function lateImports(node: ts.Node): ts.Expression[] {
  const own = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments : [];
  const below: ts.Expression[] = [];
  ts.forEachChild(node, (child) => void below.push(...lateImports(child)));
  return [...own, ...below];
}

/** @returns the path of a source of this repository; `undefined` for packages */
function resolve(path: string, module: string, { texts, aliases }: Context): string | undefined {
  if (!module.startsWith('.')) return aliases.get(module);
  const base = posix.join(posix.dirname(path), module);
  return [`${base}.ts`, `${base}/index.ts`, base].find((each) => texts.has(each));
}

function importedNames({ importClause }: ts.ImportDeclaration): string[] {
  const bindings = importClause?.namedBindings;
  if (bindings === undefined) return [];
  return ts.isNamespaceImport(bindings)
    ? [ALL]
    : bindings.elements.map(({ name, propertyName = name }) => propertyName.text);
}

function forwardedNames({ exportClause }: ts.ExportDeclaration): { name: string; as: string }[] {
  if (exportClause === undefined) return [{ name: ALL, as: ALL }];
  if (ts.isNamespaceExport(exportClause)) return [{ name: ALL, as: exportClause.name.text }];
  return exportClause.elements.map(({ name, propertyName = name }) => ({ name: propertyName.text, as: name.text }));
}

function readDeclared(statement: ts.Statement): Declared[] {
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!isExported) return [];
  if (ts.isVariableStatement(statement)) {
    const names = statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? name.text : [],
    );
    return names.map((name) => ({ name, isDescription: false }));
  }
  const { name } = statement as ts.DeclarationStatement;
  return name === undefined ? [] : [{ name: (name as ts.Identifier).text, isDescription: isDescription(statement) }];
}

function isDescription(statement: ts.Statement): boolean {
  if (!ts.isClassDeclaration(statement))
    return ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  const parent = statement.heritageClauses?.[0]?.types[0]?.expression;
  return parent !== undefined && ts.isIdentifier(parent) && parent.text.endsWith('Error');
}
