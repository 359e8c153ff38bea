import type { Meaning, WordLookup } from '../call-fields';
import type { CallEventName } from '../provider';

/** https://www.plivo.com/docs/voice/xml/request/call-status/ */
const TERMINAL = new Set(['completed', 'busy', 'failed', 'timeout', 'no-answer', 'cancel']);

/** The values of `Event` by which Plivo asks for a document. */
const ASKS_FOR_DOCUMENT = new Set(['startapp', 'redirect']);

/** Fields that only reports of that kind have. The first that is given decides. */
const EVENT_FIELDS: readonly (readonly [field: string, event: CallEventName])[] = [
  ['StreamID', 'stream'],
  ['ConferenceUUID', 'conference'],
  ['TranscriptionID', 'transcription'],
  ['RecordingID', 'recording'],
  ['RecordUrl', 'recording'],
  ['Machine', 'machine_detection'],
];

/**
 * What Plivo says by a request. `Event` decides where it is given, and `CallStatus` how a call ended; the end may be
 * reported to the address that asks for a document, where an application has no hangup URL of its own.
 */
export function plivoMeaning(word: WordLookup): Meaning {
  const status = word('CallStatus');
  const event = word('Event');
  if (event === 'hangup') return { kind: 'ended', status: status ?? event };
  if (event !== undefined && !ASKS_FOR_DOCUMENT.has(event)) return reportOf(word, event);
  if (status !== undefined && TERMINAL.has(status)) return { kind: 'ended', status };
  const known = event === undefined ? eventOf(word) : undefined;
  return known === undefined ? { kind: 'media', status } : { kind: 'event', event: known };
}

function reportOf(word: WordLookup, event: string): Meaning {
  return event === 'ring'
    ? { kind: 'progress', status: word('CallStatus') ?? event }
    : { kind: 'event', event: eventOf(word) ?? 'other' };
}

function eventOf(word: WordLookup): CallEventName | undefined {
  return EVENT_FIELDS.find(([field]) => word(field) !== undefined)?.[1];
}
