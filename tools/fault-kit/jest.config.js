export default { preset: '../../jest.preset.js', displayName: 'fault-kit' };
