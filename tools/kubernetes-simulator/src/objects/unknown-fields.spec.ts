import { unknownFields } from './unknown-fields';

describe('unknownFields', () => {
  it('returns nothing when all fields are known', () => {
    const pod = {
      metadata: { name: 'a', labels: { any: 'label' } },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    };

    expect(unknownFields(pod, 'V1Pod')).toEqual([]);
  });

  it('returns the paths of the others when there are some', () => {
    const pod = { metadata: { nmae: 'a' }, spec: { containers: [{ name: 'c' }, { imag: 'i' }] }, sepc: {} };

    expect(unknownFields(pod, 'V1Pod')).toEqual(['metadata.nmae', 'spec.containers[1].imag', 'sepc']);
  });
});
