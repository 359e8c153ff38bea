// Compiles the ES modules among the dependencies to CommonJS; everything else passes through untouched.
const swc = require('@swc/core');
const { createHash } = require('node:crypto');

const ES_MODULE_SYNTAX = /^\s*(import|export)\b|\bimport\.meta\b/m;

module.exports = {
  getCacheKey: (source, path) => createHash('sha1').update(path).update(source).update('esm-deps-1').digest('hex'),
  process(source, path) {
    if (!ES_MODULE_SYNTAX.test(source)) return { code: source };
    const { code } = swc.transformSync(source, {
      filename: path,
      swcrc: false,
      jsc: { target: 'es2022', parser: { syntax: 'ecmascript' } },
      module: { type: 'commonjs', ignoreDynamic: false },
      sourceMaps: false,
    });
    return { code };
  },
};
