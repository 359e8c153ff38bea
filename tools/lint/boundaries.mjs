// Who may depend on whom. docs/architecture.md draws the same graph; there is no '*' on either side.

export const types = [
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:interface', 'type:domain', 'type:platform'] },
  // Of the platform these and tools may use the client of the API alone, as the scopes below say.
  { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['type:tool', 'type:platform'] },
  { sourceTag: 'type:interface', onlyDependOnLibsWithTags: ['type:domain', 'type:platform'] },
  { sourceTag: 'type:domain', onlyDependOnLibsWithTags: ['type:domain', 'type:platform'] },
  { sourceTag: 'type:platform', onlyDependOnLibsWithTags: ['type:platform'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:tool', 'type:platform'] },
  // It runs the product's own domain code on a clock of its own.
  { sourceTag: 'type:simulation', onlyDependOnLibsWithTags: ['type:domain', 'type:platform', 'type:tool'] },
];

/** Each scope with the scopes that it may use; a scope may always use itself. */
export const scopes = {
  settings: [],
  logging: ['settings'],
  metrics: ['settings'],
  redis: ['scheduling'],
  scheduling: [],
  kubernetes: ['scheduling', 'startup', 'settings', 'logging', 'metrics'],
  startup: ['scheduling', 'settings', 'logging', 'metrics'],
  tracing: ['settings', 'logging', 'metrics'],
  http: ['logging', 'metrics', 'settings', 'tracing'],
  runtime: ['settings', 'logging', 'metrics', 'tracing', 'http', 'scheduling', 'startup'],
  'routing-store': ['redis', 'scheduling', 'startup', 'settings', 'logging', 'metrics', 'tracing'],
  'tier-config': ['routing-store', 'scheduling', 'startup', 'settings', 'logging', 'metrics'],
  allocator: ['routing-store', 'tier-config', 'scheduling', 'startup', 'settings', 'logging', 'metrics', 'tracing'],
  fleet: ['routing-store', 'tier-config', 'scheduling', 'metrics'],
  'leader-election': ['routing-store', 'kubernetes', 'scheduling', 'settings', 'logging', 'metrics'],
  'pool-manager': [
    'routing-store',
    'tier-config',
    'leader-election',
    'kubernetes',
    'scheduling',
    'startup',
    'settings',
    'logging',
    'metrics',
  ],
  providers: ['allocator', 'http', 'scheduling', 'startup', 'settings', 'metrics'],
  'http-api': [
    'allocator',
    'fleet',
    'http',
    'logging',
    'metrics',
    'pool-manager',
    'providers',
    'routing-store',
    'runtime',
    'scheduling',
    'settings',
    'startup',
    'tier-config',
  ],
  api: ['http-api', 'runtime', 'tier-config'],
  'leader-worker': ['fleet', 'kubernetes', 'pool-manager', 'routing-store', 'runtime', 'tier-config'],
  'smart-router': ['http-api', 'kubernetes', 'pool-manager', 'runtime', 'tier-config'],
  'api-client': [],
  srctl: ['api-client'],
  'smart-router-e2e': ['api-client'],
  'faults-e2e': [],
  bench: ['testbed'],
  demo: ['api-client', 'testbed'],
  testbed: [],
  'history-checker': [],
  chart: ['testbed', 'kubernetes-simulator'],
  monitoring: ['testbed', 'kubernetes-simulator'],
  'kubernetes-simulator': ['testbed'],
  soak: ['history-checker', 'planned-failover', 'testbed'],
  simulation: ['allocator', 'routing-store', 'scheduling', 'history-checker', 'testbed'],
  image: ['testbed'],
  'planned-failover': [],
  lint: [],
};

const tagged = (names) => names.map((name) => `scope:${name}`);

const scopeConstraints = (extra) =>
  Object.entries(scopes).map(([scope, uses]) => ({
    sourceTag: `scope:${scope}`,
    onlyDependOnLibsWithTags: tagged([scope, ...uses, ...extra]),
  }));

/** Rules for production code. */
export const importBoundaries = {
  enforceBuildableLibDependency: false,
  allow: [],
  depConstraints: [...types, ...scopeConstraints([])],
};

/** Rules for tests: they may also start real processes. */
export const testImportBoundaries = {
  ...importBoundaries,
  depConstraints: [
    ...types.map((rule) => ({ ...rule, onlyDependOnLibsWithTags: [...rule.onlyDependOnLibsWithTags, 'type:tool'] })),
    ...scopeConstraints(['testbed', 'history-checker', 'kubernetes-simulator']),
  ],
};
