// A Lua script is imported as its text, as the bundler does it.
//
// LUA_MUTANT=path:line or path:first-last leaves these lines out: a script that is broken on purpose, to see that the tests notice
// (tools/scripts/mutate-scripts.mjs).
const { createHash } = require('node:crypto');

function mutated(source, path) {
  const [file, lines = ''] = (process.env.LUA_MUTANT ?? '').split(':');
  if (!file || !path.endsWith(`/${file}`)) return source;
  const [first, last = first] = lines.split('-').map(Number);
  const isLeftOut = (line) => line >= first && line <= last;
  return source
    .split('\n')
    .map((text, i) => (isLeftOut(i + 1) ? '' : text))
    .join('\n');
}

module.exports = {
  getCacheKey: (source, path) => createHash('sha1').update(path).update(mutated(source, path)).digest('hex'),
  process: (source, path) => ({ code: `module.exports = ${JSON.stringify(mutated(source, path))};` }),
};
