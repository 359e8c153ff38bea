const MAX_LENGTH = 200;

/** A word of a path as programs write it, `callback` or `v2`; ids, numbers and secrets are none. */
const WORD = /^(?:[A-Za-z_.-]{1,24}|v\d{1,2})$/;

const HIDDEN = '*';

/**
 * The path that no route took, fit for the log: an operator has to see what a client gets wrong, and clients put
 * secrets and phone numbers anywhere. Words stay, all else is hidden, and so is every value of the query.
 */
export function loggablePath(url: string): string {
  const [path = '', ...rest] = url.slice(0, MAX_LENGTH).split('?');
  const shown = path.split('/').map(wordOf).join('/');
  return rest.length === 0 ? shown : `${shown}?${rest.join('?').split('&').map(pairOf).join('&')}`;
}

function wordOf(segment: string): string {
  return segment === '' || WORD.test(segment) ? segment : HIDDEN;
}

function pairOf(pair: string): string {
  const [name = '', ...value] = pair.split('=');
  return value.length === 0 ? wordOf(name) : `${wordOf(name)}=${HIDDEN}`;
}
