export default { preset: '../../jest.preset.js', displayName: 'pool-manager' };
