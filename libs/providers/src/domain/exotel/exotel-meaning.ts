import type { Meaning, WordLookup } from '../call-fields';

/** https://developer.exotel.com/api/statuscallback */
const TERMINAL = new Set(['completed', 'failed', 'busy', 'no-answer', 'canceled']);

/**
 * What Exotel says by a request. An applet that asks for the stream has neither `EventType` nor `Status`, but may have
 * the `CallStatus` of the running call.
 */
export function exotelMeaning(word: WordLookup): Meaning {
  const status = word('Status') ?? word('CallStatus');
  return endOf(word, status) ?? reportOf(word, status) ?? { kind: 'media', status };
}

function endOf(word: WordLookup, status: string | undefined): Meaning | undefined {
  const event = word('EventType');
  const isOver = event === 'terminal' || (event !== 'answered' && status !== undefined && TERMINAL.has(status));
  return isOver ? { kind: 'ended', status: status ?? 'terminal' } : undefined;
}

function reportOf(word: WordLookup, status: string | undefined): Meaning | undefined {
  const event = word('EventType');
  if (event !== undefined || word('Status') !== undefined)
    return { kind: 'progress', status: status ?? event ?? 'other' };
  // After a stream, a flow reports it with fields of the form `Stream[...]`.
  if (word('Stream[RecordingUrl]') !== undefined) return { kind: 'event', event: 'recording' };
  const isStream = ['Stream[StreamSID]', 'Stream[Status]'].some((field) => word(field) !== undefined);
  return isStream ? { kind: 'event', event: 'stream' } : undefined;
}
