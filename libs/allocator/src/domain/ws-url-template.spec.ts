import * as fc from 'fast-check';
import { compileMediaAddress, InvalidWsUrlTemplateError, type WsUrlRules, type WsUrlValues } from './ws-url-template';

const BASE = 'wss://voice.example.com';
const VALUES = { pod_name: 'voice-agent-0', call_sid: 'CA1' };

function compileTemplate(template: string, baseUrl: string): (values: WsUrlValues) => string {
  const address = compileMediaAddress({ baseUrl, template, templatesByFlow: {}, defaults: {}, parameters: {} });
  return (values) => address(values).url;
}

describe('compileMediaAddress of one template', () => {
  it('returns the media URL of the default template', () => {
    const wsUrl = compileTemplate('{base_url}/ws/pod/{pod_name}/{call_sid}', BASE);

    expect(wsUrl(VALUES)).toBe('wss://voice.example.com/ws/pod/voice-agent-0/CA1');
  });

  it('puts in every placeholder, also more than once', () => {
    const template = '{base_url}/{provider}/{flow}/{template}/{merchant_id}/{pod_name}?sid={call_sid}&again={call_sid}';
    const values = { ...VALUES, provider: 'twilio', flow: 'in', template: 'order', merchant_id: 'acme' };

    expect(compileTemplate(template, BASE)(values)).toBe(
      'wss://voice.example.com/twilio/in/order/acme/voice-agent-0?sid=CA1&again=CA1',
    );
  });

  it('puts in nothing for a value that is not given', () => {
    expect(compileTemplate('{base_url}/{call_sid}?f={flow}&m={merchant_id}', BASE)(VALUES)).toBe(
      'wss://voice.example.com/CA1?f=&m=',
    );
  });

  it.each(['wss://voice.example.com/', 'wss://voice.example.com//'])(
    'trims the slashes at the end of %s',
    (baseUrl) => {
      expect(compileTemplate('{base_url}/x', baseUrl)(VALUES)).toBe('wss://voice.example.com/x');
    },
  );

  it('leaves the base URL as it is otherwise', () => {
    expect(compileTemplate('{base_url}/x', 'wss://h:8443/a%20b')(VALUES)).toBe('wss://h:8443/a%20b/x');
  });

  it('leaves text outside of placeholders as it is', () => {
    expect(compileTemplate('ws://fixed/$&/%20', BASE)(VALUES)).toBe('ws://fixed/$&/%20');
  });

  it.each([
    ['a/b?c=d&e#f g', 'a%2Fb%3Fc%3Dd%26e%23f%20g'],
    ['a:b', 'a%3Ab'],
    ["!'()*", '%21%27%28%29%2A'],
    ['{pod_name}', '%7Bpod_name%7D'],
    ['हैलो', '%E0%A4%B9%E0%A5%88%E0%A4%B2%E0%A5%8B'],
    ['\ud83d', '%EF%BF%BD'],
  ])('encodes the value %j', (flow, expected) => {
    expect(compileTemplate('{flow}', BASE)({ ...VALUES, flow })).toBe(expected);
  });

  it('returns only unreserved and encoded characters for any value, which decode to it', () => {
    const wsUrl = compileTemplate('{flow}', BASE);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (flow) => {
        const encoded = wsUrl({ ...VALUES, flow });

        expect(encoded).toMatch(/^([A-Za-z0-9._~-]|%[0-9A-F]{2})*$/);
        expect(decodeURIComponent(encoded)).toBe(flow);
      }),
    );
  });

  it.each(['{pod}', '{}', '{ pod_name }', '{POD_NAME}', '{toString}', '{pod\n}'])(
    'refuses the placeholder %j',
    (text) => {
      expect(() => compileTemplate(`{base_url}/${text}`, BASE)).toThrow(InvalidWsUrlTemplateError);
      expect(() => compileTemplate(`{base_url}/${text}`, BASE)).toThrow(`unknown placeholder ${text}; there are`);
    },
  );

  it.each(['{base_url', 'base_url}', '{base_url}/{{pod_name}}', '{base_url}/}'])(
    'refuses the stray brace in %j',
    (text) => {
      expect(() => compileTemplate(text, BASE)).toThrow(/has no partner/);
    },
  );

  it('names the template in its error', () => {
    expect(() => compileTemplate('{x}', BASE)).toThrow(
      'WS_URL_TEMPLATE "{x}": unknown placeholder {x}; there are {base_url}, {pod_name}, {call_sid}, {provider}, ' +
        '{flow}, {template}, {merchant_id}',
    );
  });
});

describe('compileMediaAddress of all rules', () => {
  const rules: WsUrlRules = {
    baseUrl: BASE,
    template: '{base_url}/{pod_name}/{provider}/callback/{template}',
    templatesByFlow: { v2: '{base_url}/{pod_name}/{provider}/callback/{template}/v2' },
    defaults: {},
    parameters: {},
  };
  const urlOf = (changes: Partial<WsUrlRules>, values: object) =>
    compileMediaAddress({ ...rules, ...changes })({ ...VALUES, provider: 'twilio', ...values }).url;

  it.each([
    [{ flow: 'v2', template: 'order' }, '/voice-agent-0/twilio/callback/order/v2'],
    [{ flow: 'v1', template: 'order' }, '/voice-agent-0/twilio/callback/order'],
    [{ template: 'order' }, '/voice-agent-0/twilio/callback/order'],
    [{ flow: 'toString', template: 'order' }, '/voice-agent-0/twilio/callback/order'],
  ])('returns the address of the flow: %j', (values, path) => {
    expect(urlOf({}, values)).toBe(BASE + path);
  });

  it.each([
    [{}, '/voice-agent-0/twilio/callback/order-confirmation/v2'],
    [{ flow: '', template: '' }, '/voice-agent-0/twilio/callback/order-confirmation/v2'],
    [{ flow: 'v1' }, '/voice-agent-0/twilio/callback/order-confirmation'],
    [{ template: 'welcome' }, '/voice-agent-0/twilio/callback/welcome/v2'],
  ])('puts defaults in for what is not given: %j', (values, path) => {
    const defaults = { flow: 'v2', template: 'order-confirmation' };
    expect(urlOf({ defaults }, values)).toBe(BASE + path);
  });

  it('returns parameters with what was given, not encoded', () => {
    const parameters = { pod: '{pod_name}', who: '{merchant_id}/{flow}', fixed: 'x', none: '{template}' };
    const address = compileMediaAddress({ ...rules, parameters, defaults: { flow: 'v2' } });
    expect(address({ ...VALUES, merchant_id: 'a:b' }).parameters).toEqual({
      pod: 'voice-agent-0',
      who: 'a:b/v2',
      fixed: 'x',
    });
  });

  it.each<Partial<WsUrlRules>>([{ templatesByFlow: { v2: '{pod}' } }, { parameters: { pod: '{pod' } }])(
    'throws for %j',
    (changes) => {
      expect(() => compileMediaAddress({ ...rules, ...changes })).toThrow(InvalidWsUrlTemplateError);
    },
  );
});
