import type { Values } from './schema';

/** A provider that could not use the addresses that calls are sent to. */
interface MediaAddressProblem {
  readonly provider: string;
  readonly hasSecret: boolean;
  /** As a sentence that begins with the variable. */
  readonly problem: string;
}

/** `streamurl` of https://developer.exotel.com/docs/agentstream/developer-guide. */
const EXOTEL_MAX_LENGTH = 600;

/** Custom parameters of https://developer.exotel.com/docs/agentstream/stream-voicebot-applet: pairs, and their characters. */
const EXOTEL_MAX_PAIRS = 3;
const EXOTEL_MAX_QUERY_LENGTH = 256;

/** As long as names are at least where calls are real. */
const SAMPLE: Readonly<Record<string, string>> = {
  pod_name: 'voice-agent-0',
  call_sid: 'c'.repeat(32),
  traceparent: 't'.repeat(55),
};

/** What providers cannot carry of the addresses as they are set. */
export function mediaAddressProblems(values: Values): readonly MediaAddressProblem[] {
  const { TWILIO_AUTH_TOKEN, PLIVO_AUTH_TOKEN, EXOTEL_WEBHOOK_TOKEN } = values;
  const query = queryProblem(values);
  const plain = plainTextProblem(values);
  const problems = [
    // https://www.twilio.com/docs/voice/twiml/stream: the query is not supported; error 31922: the scheme must be wss.
    { provider: 'twilio', hasSecret: TWILIO_AUTH_TOKEN !== undefined, problem: query },
    { provider: 'twilio', hasSecret: TWILIO_AUTH_TOKEN !== undefined, problem: plain },
    { provider: 'plivo', hasSecret: PLIVO_AUTH_TOKEN !== undefined, problem: plain },
    { provider: 'exotel', hasSecret: EXOTEL_WEBHOOK_TOKEN !== undefined, problem: lengthProblem(values) },
  ];
  return problems.filter((each): each is MediaAddressProblem => each.problem !== undefined);
}

function queryProblem(values: Values): string | undefined {
  const name = templatesOf(values).find(([, template]) => template.includes('?'))?.[0];
  return name && `${name} must have no query for Twilio, which drops it (put it into WS_URL_PARAMETERS)`;
}

function plainTextProblem(values: Values): string | undefined {
  const isPlain = samplesOf(values).some((address) => address.startsWith('ws:'));
  return isPlain ? 'VOICE_AGENT_BASE_URL must begin with wss:// for providers that want TLS' : undefined;
}

function lengthProblem(values: Values): string | undefined {
  return samplesOf(values).some(isTooLongForExotel)
    ? `WS_URL_TEMPLATE and WS_URL_TEMPLATES must give addresses of at most ${EXOTEL_MAX_LENGTH} characters for Exotel, with a query of at most ${EXOTEL_MAX_PAIRS} pairs and ${EXOTEL_MAX_QUERY_LENGTH} characters`
    : undefined;
}

function isTooLongForExotel(address: string): boolean {
  const query = address.split('?').slice(1).join('?');
  const pairs = query === '' ? 0 : query.split('&').length;
  return address.length > EXOTEL_MAX_LENGTH || pairs > EXOTEL_MAX_PAIRS || query.length > EXOTEL_MAX_QUERY_LENGTH;
}

function templatesOf({ WS_URL_TEMPLATE, WS_URL_TEMPLATES = {} }: Values): readonly (readonly [string, string])[] {
  const byFlow = Object.values(WS_URL_TEMPLATES).map((template) => ['WS_URL_TEMPLATES', template] as const);
  return [['WS_URL_TEMPLATE', WS_URL_TEMPLATE], ...byFlow];
}

/** The shortest address of each template, about. */
function samplesOf(values: Values): readonly string[] {
  const texts = { ...values.WS_URL_DEFAULTS, ...SAMPLE, base_url: values.VOICE_AGENT_BASE_URL };
  const known: ReadonlyMap<string, string> = new Map(Object.entries(texts));
  return templatesOf(values).map(([, template]) =>
    template.replace(/\{([a-z_]+)\}/g, (_all, name: string) => known.get(name) ?? ''),
  );
}
