export default { preset: '../../jest.preset.js', displayName: 'http-api' };
