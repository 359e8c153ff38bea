import { boundPorts, parseLogs } from './app-logs';

describe('parseLogs', () => {
  it('keeps only whole JSON lines when the output is mixed', () => {
    const output = ['{"msg":"one"}', 'Error: boom', '    at main.js:1:1', '{"msg":"cut o', '{"msg":"two"}'];

    expect(parseLogs(output)).toEqual([{ msg: 'one' }, { msg: 'two' }]);
  });
});

describe('boundPorts', () => {
  it('returns null when the app has not said that it serves', () => {
    expect(boundPorts([{ msg: 'starting' }])).toBeNull();
  });

  it('returns the ports when the app has said that it serves', () => {
    const logs = [{ msg: 'starting' }, { msg: 'ready', http_port: 40001, metrics_port: 40002 }];

    expect(boundPorts(logs)).toEqual({ http: 40001, metrics: 40002 });
  });

  it('throws when the line names no ports', () => {
    expect(() => boundPorts([{ msg: 'ready', http_port: 40001 }])).toThrow('names no ports');
  });
});
