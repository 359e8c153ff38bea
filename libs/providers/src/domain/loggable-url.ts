/** Parameters of registered addresses that are no secrets. */
const SHOWN = new Set(['merchant_id', 'flow', 'template']);

const MAX_LENGTH = 500;

/** An address for the log, in the spelling that signatures cover; values that may be secrets are hidden. */
export function loggableUrl(url: string): string {
  const [base = '', ...rest] = url.split('?');
  const query = rest.join('?').split('&').map(loggablePair).join('&');
  return (rest.length > 0 ? `${base}?${query}` : base).slice(0, MAX_LENGTH);
}

function loggablePair(pair: string): string {
  const [name = '', ...value] = pair.split('=');
  return value.length === 0 || SHOWN.has(name) ? pair : `${name}=[hidden]`;
}
