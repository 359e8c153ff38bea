import { formRequest } from '../testing/sample-webhooks';
import { type FormVocabulary, readFormWebhook } from './form-webhook';

const VOCABULARY: FormVocabulary = {
  callIdField: 'Id',
  meaningOf: (word) => {
    const status = word('State');
    if (word('Tape') !== undefined) return { kind: 'event', event: 'recording' };
    if (status === undefined) return { kind: 'media' };
    return { kind: status === 'over' ? 'ended' : 'progress', status };
  },
};

const read = (url: string, body: string) => readFormWebhook(formRequest(url, body), VOCABULARY);

describe('readFormWebhook', () => {
  it('returns the call of the form with the rest of the query', () => {
    expect(read('/x?merchant_id=acme&flow=sales', 'Id=c-1&merchant_id=other')).toMatchObject({
      kind: 'media',
      callSid: 'c-1',
      merchantId: 'acme',
      flow: 'sales',
    });
  });

  it('names the field of the provider when the query alone has the call', () => {
    expect(read('/x?Id=c-1', 'From=1')).toMatchObject({ kind: 'invalid', message: 'Id is required' });
  });

  it.each(['Over', ' OVER ', 'over'])('folds the words of the provider before they are compared: %j', (word) => {
    const form = new URLSearchParams({ Id: 'c-1', State: word }).toString();
    expect(read('/x', form)).toEqual({ kind: 'ended', callSid: 'c-1', status: 'over' });
  });

  it('takes an empty field for one that is not given', () => {
    const request = formRequest(
      '/x?merchant_id=&merchant_id=acme&flow=+&template=order',
      'Id=&Id=c-1&State=&State=+&Tape=',
      {
        pathTemplate: ' ',
      },
    );
    expect(readFormWebhook(request, VOCABULARY)).toEqual({
      kind: 'media',
      callSid: 'c-1',
      merchantId: 'acme',
      flow: undefined,
      template: 'order',
    });
  });

  it.each([
    ['/x?template=..', null, 'template'],
    ['/x?flow=.', null, 'flow'],
    ['/x?merchant_id=..', null, 'merchant_id'],
    ['/x', '..', 'template'],
  ])('names the field of %s with the template %j of the path as a step of a path', (url, pathTemplate, field) => {
    const request = formRequest(url, 'Id=c-1', { pathTemplate });
    expect(readFormWebhook(request, VOCABULARY)).toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(`^${field} must be .*, not . or ..$`),
    });
  });

  it('reads nothing of the query that the provider says of the call', () => {
    expect(read('/x?State=over&Tape=1', 'Id=c-1').kind).toBe('media');
  });

  it('returns an event without a call when the report names none', () => {
    expect(read('/x', 'Tape=1')).toEqual({ kind: 'event', event: 'recording' });
  });

  it('names a word other when it is none that may stand in the log', () => {
    expect(read('/x', 'Id=c-1&State=a+sentence')).toEqual({ kind: 'progress', callSid: 'c-1', status: 'other' });
  });
});
