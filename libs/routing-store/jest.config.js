export default { preset: '../../jest.preset.js', displayName: 'routing-store' };
