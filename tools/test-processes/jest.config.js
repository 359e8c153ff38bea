export default { preset: '../../jest.preset.js', displayName: 'test-processes' };
