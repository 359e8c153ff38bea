import type { Meaning, WordLookup } from '../call-fields';

/** `Status` of https://developer.exotel.com/api/statuscallback, `CallStatus` of the requests of applets. */
const TERMINAL = new Set(['completed', 'failed', 'busy', 'no-answer', 'canceled']);

/**
 * Names what kind of report a request is; `terminal` is the end of the call. The first that is given decides, since the
 * status beside it may be that of an agent who is being rung.
 * `CallState`: https://developer.exotel.com/api/receive-outbound-call-notifications
 */
const AUTHORITIES = ['EventType', 'CallState'];

/**
 * What Exotel says by a request. An applet that asks for the stream has none of `EventType`, `CallState` and `Status`,
 * but may have the `CallStatus` of the running call.
 */
export function exotelMeaning(word: WordLookup): Meaning {
  const status = word('Status') ?? word('CallStatus');
  const report = AUTHORITIES.map(word).find((given) => given !== undefined);
  if (report !== undefined) return { kind: report === 'terminal' ? 'ended' : 'progress', status: status ?? report };
  if (status !== undefined && TERMINAL.has(status)) return { kind: 'ended', status };
  if (word('Status') !== undefined) return { kind: 'progress', status: status ?? 'other' };
  return streamReport(word) ?? { kind: 'media', status };
}

/** After a stream, a flow reports it with fields of the form `Stream[...]`. */
function streamReport(word: WordLookup): Meaning | undefined {
  if (word('Stream[RecordingUrl]') !== undefined) return { kind: 'event', event: 'recording' };
  const isStream = ['Stream[StreamSID]', 'Stream[Status]'].some((field) => word(field) !== undefined);
  return isStream ? { kind: 'event', event: 'stream' } : undefined;
}
