export default {
  preset: '../../jest.preset.js',
  displayName: 'failover',
  // Each test starts a whole fleet: one after the other, so that they do not take the processor from each other.
  maxWorkers: 1,
  testTimeout: 300_000,
};
