export default { preset: '../../jest.preset.js', displayName: 'planned-failover', testTimeout: 120_000 };
