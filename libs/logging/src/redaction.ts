const SECRETS = ['authorization', 'cookie', 'password', 'secret', 'token', 'authToken', 'auth_token', 'signature'];
const SECRET_HEADERS = [
  'x-twilio-signature',
  'x-plivo-signature-v2',
  'x-plivo-signature-v3',
  'x-plivo-signature-ma-v3',
  'x-plivo-signature-ma-v2',
];
/** Fields of provider webhooks that hold phone numbers. */
const PHONE_NUMBERS = ['From', 'To', 'CallFrom', 'CallTo', 'Caller', 'Called', 'phone', 'phone_number'];

const KEPT_DIGITS = 2;

function masked(value: unknown): string {
  const text = String(value);
  return text.length > KEPT_DIGITS ? `${'*'.repeat(text.length - KEPT_DIGITS)}${text.slice(-KEPT_DIGITS)}` : '***';
}

/** What never stands in a line in full: at its top, and one level below. */
export const redaction = {
  paths: [
    ...[...SECRETS, ...PHONE_NUMBERS].flatMap((name) => [name, `*.${name}`]),
    ...SECRET_HEADERS.flatMap((name) => [`["${name}"]`, `*["${name}"]`]),
    'err.config',
  ],
  censor: (value: unknown, path: readonly string[]): string =>
    PHONE_NUMBERS.includes(path.at(-1) ?? '') ? masked(value) : '[hidden]',
};
