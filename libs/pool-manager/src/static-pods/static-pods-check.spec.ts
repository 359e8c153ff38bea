import { loadSettings } from '@smart-router/settings';
import { staticPodsCheck } from './static-pods-check';

describe('staticPodsCheck', () => {
  it('returns nothing when all names can be registered', () => {
    expect(staticPodsCheck.problem('pod-1, pod-2,')).toBeUndefined();
  });

  it('returns all names that are reserved', () => {
    expect(staticPodsCheck.problem('pod-1, metadata,tier:gold')).toBe(
      'must not hold names that are reserved: "metadata", "tier:gold"',
    );
  });

  it('is reported together with mistakes in other settings', () => {
    const load = () => loadSettings({ STATIC_PODS: 'metadata', HTTP_PORT: 'x' }, 'smart-router', [staticPodsCheck]);

    expect(load).toThrow(
      expect.objectContaining({
        problems: [
          expect.stringMatching(/^HTTP_PORT must/),
          expect.stringMatching(/^STATIC_PODS must not .*"metadata"/),
        ],
      }),
    );
  });
});
