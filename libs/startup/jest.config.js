export default { preset: '../../jest.preset.js', displayName: 'startup' };
