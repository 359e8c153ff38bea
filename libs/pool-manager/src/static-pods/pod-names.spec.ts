import { checkNames, namesInText } from './pod-names';

describe('namesInText', () => {
  it('returns one name a line when there are blank lines, comments and line ends of other systems', () => {
    const text = '\uFEFF# the fleet\r\npod-1\r\n\r\n  pod-2  \n\t\n#pod-3\npod-4 # the new one';
    expect(namesInText(text)).toEqual(['pod-1', 'pod-2', 'pod-4']);
  });

  it('returns nothing when the text is empty', () => {
    expect(namesInText('')).toEqual([]);
  });
});

describe('checkNames', () => {
  it('returns each kind of name apart when some cannot be used', () => {
    const names = ['pod-1', 'pod 2', 'pod-1', 'pod-1', '', 'tier:gold', 'x'.repeat(128), 'x'.repeat(129)];
    expect(checkNames(names)).toEqual({
      valid: ['pod-1', 'x'.repeat(128)],
      invalid: ['pod 2', '', 'tier:gold', 'x'.repeat(129)],
      duplicates: ['pod-1'],
    });
  });
});
