export default {
  preset: '../../jest.preset.js',
  displayName: 'startup-e2e',
  // Each test starts processes: one file after the other, so that they do not take the processor from each other.
  maxWorkers: 1,
  testTimeout: 90_000,
};
