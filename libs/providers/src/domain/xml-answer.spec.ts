import { publicError } from '@smart-router/http/errors';
import * as fc from 'fast-check';
import { elementNames, parseXml } from '../testing/parsed-xml';
import { sampleSettings } from '../testing/sample-webhooks';
import { PlivoProvider } from './plivo/plivo';
import { TwilioProvider } from './twilio/twilio';
import { xmlText } from './xml-answer';

describe('xmlText', () => {
  it.each(['plain', 'tab\t line\n return\r', 'é \u{1f4de} \ufffd \ue000', '<&>"\''])('returns %j as it is', (text) => {
    expect(xmlText(text)).toBe(text);
  });

  it.each(['\u0000', '\u0001', '\u000b', '\u001f', '\ufffe', '\uffff', '\ud800', '\udc00', '\udc00\ud800'])(
    'leaves %j out',
    (text) => {
      expect(xmlText(`a${text}b`)).toBe('ab');
    },
  );
});

describe.each([
  ['Twilio', TwilioProvider, 'Say'],
  ['Plivo', PlivoProvider, 'Speak'],
] as const)('answers to %s', (_name, Provider, spoken) => {
  const { answers } = new Provider(sampleSettings());

  it.each([
    ['noCapacity', answers.noCapacity('r'), 'All agents are busy.'],
    ['failed', answers.failed(publicError('INTERNAL'), 'r'), 'Something went wrong.'],
  ])('are a 200 that speaks and hangs up for %s', (_case, { status, body }, text) => {
    expect([status, body.slice(body.indexOf('<Response>'))]).toEqual([
      200,
      `<Response><${spoken}>${text}</${spoken}><Hangup/></Response>`,
    ]);
  });

  it('are well-formed whatever the text holds', () => {
    const nasty = fc.constantFrom('\u0000', '\ud800', '<', '&', ']]>');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), nasty, (text, part) => {
        const settings = sampleSettings({ spoken: { noCapacity: `${text}${part}${text}`, failure: 'x' } });
        const response = parseXml(new Provider(settings).answers.noCapacity('r').body);
        expect(elementNames(response)).toEqual(['Response', spoken, 'Hangup']);
      }),
    );
  });

  it('are a hang-up without a word when the call has ended', () => {
    const { status, body } = answers.callEnded('r');
    expect([status, elementNames(parseXml(body))]).toEqual([200, ['Response', 'Hangup']]);
  });

  it.each([
    ['refused', answers.refused({ kind: 'refused', status: 403, reason: 'wrong_signature' }, 'r'), 403],
    ['statusTaken', answers.statusTaken(), 200],
    ['statusFailed', answers.statusFailed(publicError('INTERNAL'), 'r'), 500],
  ])('are a document without instructions for %s', (_case, { status: found, body }, status) => {
    expect([found, elementNames(parseXml(body))]).toEqual([status, ['Response']]);
  });

  it('are a 400 without instructions, with the problem in a comment, when the request is invalid', () => {
    const message = 'CallSid is required -- or >';
    const { status, body } = answers.badRequest({ kind: 'invalid', code: 'INVALID_FIELD', message }, 'r');
    expect([status, elementNames(parseXml(body))]).toEqual([400, ['Response']]);
    expect(body).toContain('<!-- CallSid is required - - or > -->');
  });
});
