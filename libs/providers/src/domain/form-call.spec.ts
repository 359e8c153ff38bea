import { formRequest } from '../testing/sample-webhooks';
import { readFormCall, readFormStatus } from './form-call';

const VOCABULARY = { callIdField: 'Id', terminalStates: new Set(['over']) };

describe('readFormCall', () => {
  it('returns the call of the form with the rest of the query', () => {
    const request = formRequest('/x?merchant_id=acme&flow=sales', 'Id=c-1&merchant_id=other');
    expect(readFormCall(request, VOCABULARY)).toMatchObject({
      kind: 'call',
      callSid: 'c-1',
      merchantId: 'acme',
      flow: 'sales',
    });
  });

  it('names the field of the provider when the query alone has the call', () => {
    const reading = readFormCall(formRequest('/x?Id=c-1', 'From=1'), VOCABULARY);
    expect(reading).toMatchObject({ kind: 'invalid', message: 'Id is required' });
  });

  it('returns the end of the call when the form reports it', () => {
    const reading = readFormCall(formRequest('/x', 'Id=c-1&CallStatus=Over'), VOCABULARY);
    expect(reading).toEqual({ kind: 'ended', callSid: 'c-1', status: 'over' });
  });
});

describe('readFormStatus', () => {
  it('returns a call that goes on when the word is not terminal', () => {
    const reading = readFormStatus(formRequest('/x', 'Id=c-1&CallStatus=completed'), VOCABULARY);
    expect(reading).toEqual({ kind: 'ongoing', callSid: 'c-1', status: 'completed' });
  });
});
