export default { preset: '../../jest.preset.js', displayName: 'leader-election' };
