// What may not be imported, beside the graph of projects in boundaries.mjs.

const entriesOnly = {
  group: ['@smart-router/*/src', '@smart-router/*/*/*'],
  message: 'A library is used through its entries: its name, /nest, /testing or the name of an adapter.',
};

const nestEscapes = {
  name: '@nestjs/common',
  importNames: ['Global', 'forwardRef'],
  message: 'They hide who depends on whom: import the module, or cut the cycle.',
};

const domainPatterns = [
  {
    group: [
      '@nestjs/*',
      '@willsoto/*',
      'ioredis',
      'prom-client',
      'pino',
      'fastify',
      '@kubernetes/*',
      '@opentelemetry/*',
    ],
    message: 'Domain code knows no framework and no client.',
  },
  { group: ['@smart-router/*/nest'], message: 'Domain code depends on domains only.' },
  { regex: '^@smart-router/http$', message: 'It brings the framework: domain code uses @smart-router/http/errors.' },
  { regex: '^\\.{1,2}/(.*/)?(nest|redis)(/|$)', message: 'Domain code knows no adapter.' },
];

/** Options of `no-restricted-imports` for all code. */
export const restrictedImports = { paths: [nestEscapes], patterns: [entriesOnly] };

/** Options of `no-restricted-imports` for domain code, which is plain TypeScript. */
export const domainRestrictedImports = { patterns: [entriesOnly, ...domainPatterns] };
