export default { preset: '../../jest.preset.js', displayName: 'scheduling' };
