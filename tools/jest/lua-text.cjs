// A Lua script is imported as its text, as the bundler does it.
//
// LUA_MUTANT=path:line or path:first-last leaves these lines out: a script that is broken on purpose, to see that the tests notice
// (tools/scripts/mutate-scripts.mjs). LUA_MUTANT_TEXT stands in their place, where it is set.
const { createHash } = require('node:crypto');

function mutated(source, path) {
  const [file, lines = ''] = (process.env.LUA_MUTANT ?? '').split(':');
  if (!file || !path.endsWith(`/${file}`)) return source;
  const [first, last = first] = lines.split('-').map(Number);
  const instead = (line) => (line === first ? (process.env.LUA_MUTANT_TEXT ?? '') : '');
  return source
    .split('\n')
    .map((text, i) => (i + 1 >= first && i + 1 <= last ? instead(i + 1) : text))
    .join('\n');
}

module.exports = {
  getCacheKey: (source, path) => createHash('sha1').update(path).update(mutated(source, path)).digest('hex'),
  process: (source, path) => ({ code: `module.exports = ${JSON.stringify(mutated(source, path))};` }),
};
