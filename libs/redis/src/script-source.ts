const INCLUDE = /^--- @include "([^"]+)"[ \t]*$/gm;

/**
 * Puts the text of a script together: each line `--- @include "name"` is replaced by the fragment of that name, with
 * its own includes before it. A fragment that was included already is not repeated, so that fragments can name what
 * they need.
 * @throws where a fragment is unknown, or includes itself on some way
 */
export function scriptSource(text: string, fragments: Readonly<Record<string, string>>): string {
  const included = new Set<string>();

  const expand = (source: string, path: readonly string[]): string =>
    source.replace(INCLUDE, (_line, name: string) => {
      if (path.includes(name)) throw new Error(`Lua fragments include each other: ${[...path, name].join(' > ')}`);
      if (included.has(name)) return '';
      const fragment = Object.hasOwn(fragments, name) ? fragments[name] : undefined;
      if (fragment === undefined) throw new Error(`there is no Lua fragment "${name}"`);
      included.add(name);
      return expand(fragment, [...path, name]);
    });

  return expand(text, []);
}
