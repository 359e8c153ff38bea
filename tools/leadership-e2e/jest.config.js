export default {
  preset: '../../jest.preset.js',
  displayName: 'leadership-e2e',
  // The suites start whole crews: one after the other, so that they do not take the processor from each other.
  maxWorkers: 1,
  testTimeout: 120_000,
};
