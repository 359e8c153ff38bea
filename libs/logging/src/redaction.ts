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
  // What is no number need not have a text, and the line must be written.
  const text = typeof value === 'object' ? '' : String(value);
  return text.length > KEPT_DIGITS ? `${'*'.repeat(text.length - KEPT_DIGITS)}${text.slice(-KEPT_DIGITS)}` : '***';
}

const hidden = (): string => '[hidden]';

const CENSORS: ReadonlyMap<string, (value: unknown) => string> = new Map([
  ...[...SECRETS, ...SECRET_HEADERS].map((name) => [name, hidden] as const),
  ...PHONE_NUMBERS.map((name) => [name, masked] as const),
]);

/** What shows a field of this name in place of its value, `undefined` where it is shown in full. */
export function censorOf(name: string): ((value: unknown) => string) | undefined {
  return CENSORS.get(name);
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Error);
}

function redactLevels(fields: Fields, levelsBelow: number): Record<string, unknown> {
  let redacted: Record<string, unknown> | undefined;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    const censor = censorOf(name);
    let shown = value;
    if (censor) shown = censor(value);
    else if (levelsBelow > 0 && isFields(value)) shown = redactLevels(value, levelsBelow - 1);
    if (shown === value) continue;
    redacted ??= { ...fields };
    redacted[name] = shown;
  }
  return redacted ?? (fields as Record<string, unknown>);
}

/**
 * The fields of a line without what never stands there in full, at the top and one level below. It looks at the fields
 * that are there: pino's own redaction walks through every path that could be, which cost a fifth of the time of a
 * request. What needs no change is not copied.
 */
export function redactFields(fields: Fields): Record<string, unknown> {
  return redactLevels(fields, 1);
}

/**
 * The same for an error that was made plain. What a client keeps of its configuration may hold anything, and so may the
 * arguments of a command, as ioredis keeps them: callers' input, and whole configs. Its name is shown.
 */
export function redactError(error: Fields): Record<string, unknown> {
  const { command, ...shown } = redactLevels({ ...error }, 0);
  return {
    ...shown,
    ...('config' in shown && { config: hidden() }),
    ...(command !== undefined && { command: isFields(command) ? command['name'] : hidden() }),
  };
}
