import { parseAnswer } from './http-answer';

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 7\r\n';

describe('parseAnswer', () => {
  it('returns status and body when the answer is whole', () => {
    expect(parseAnswer(`${HEAD}\r\n{"a":1}`)).toEqual({ status: 200, body: '{"a":1}', closes: false });
  });

  it.each(['', 'HTTP/1.1 200', HEAD, `${HEAD}\r\n`, `${HEAD}\r\n{"a":`])('returns null when it is cut: %j', (text) => {
    expect(parseAnswer(text)).toBeNull();
  });

  it('says that the connection is closed when the server says so', () => {
    expect(parseAnswer('HTTP/1.1 503 x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')).toEqual({
      status: 503,
      body: '',
      closes: true,
    });
  });

  it('throws when the length is not given', () => {
    expect(() => parseAnswer('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')).toThrow('without a length');
  });
});
