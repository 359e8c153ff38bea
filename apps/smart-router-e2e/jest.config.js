export default {
  preset: '../../jest.preset.js',
  displayName: 'smart-router-e2e',
  // The suites start whole fleets: one after the other, so that they do not take the processor from each other.
  maxWorkers: 1,
  // Far above what any test needs; it only keeps a hang from lasting.
  testTimeout: 120_000,
};
