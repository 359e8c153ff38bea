export default { preset: '../../jest.preset.js', displayName: 'history-checker' };
