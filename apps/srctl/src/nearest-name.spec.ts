import { nearestName } from './nearest-name';

const NAMES = ['voice-agent-0', 'voice-agent-12', 'gold'];

describe('nearestName', () => {
  it.each([
    ['voice-agnt-0', 'voice-agent-0'],
    ['voice-agent-1', 'voice-agent-0'],
    ['voice-agent-21', 'voice-agent-0'],
    ['gld', 'gold'],
    ['silver', undefined],
    ['', undefined],
  ])('returns for "%s" %s', (typed, name) => {
    expect(nearestName(typed, NAMES)).toBe(name);
  });
});
