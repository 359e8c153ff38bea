export default { preset: '../../jest.preset.js', displayName: 'tier-config' };
