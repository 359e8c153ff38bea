import type { Meaning, WordLookup } from '../call-fields';
import type { CallEventName } from '../provider';

/** https://www.twilio.com/docs/voice/api/call-resource#call-status-values */
const TERMINAL = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

/** Fields that only reports of that kind have. The first that is given decides. */
const EVENT_FIELDS: readonly (readonly [field: string, event: CallEventName])[] = [
  // https://www.twilio.com/docs/voice/api/recording#recordingstatuscallback
  ['RecordingStatus', 'recording'],
  ['RecordingEvent', 'recording'],
  ['TranscriptionStatus', 'transcription'],
  ['TranscriptionEvent', 'transcription'],
  // https://www.twilio.com/docs/voice/twiml/stream#statuscallback
  ['StreamEvent', 'stream'],
  // https://www.twilio.com/docs/voice/twiml/conference#attributes-statusCallback
  ['ConferenceSid', 'conference'],
];

/** Fields of a report on the progress of a call, which a request for instructions never has. */
const PROGRESS_FIELDS = ['CallbackSource', 'StatusCallbackEvent', 'SequenceNumber'];

/**
 * What Twilio says by a request. `CallStatus` alone says that the call is over; it is there in requests for
 * instructions, too, where it is `ringing` or `in-progress`.
 */
export function twilioMeaning(word: WordLookup): Meaning {
  const status = word('CallStatus');
  if (status !== undefined && TERMINAL.has(status)) return { kind: 'ended', status };
  const event = eventOf(word, status);
  if (event !== undefined) return { kind: 'event', event };
  return PROGRESS_FIELDS.some((field) => word(field) !== undefined)
    ? { kind: 'progress', status: status ?? 'other' }
    : { kind: 'media', status };
}

function eventOf(word: WordLookup, status: string | undefined): CallEventName | undefined {
  const known = EVENT_FIELDS.find(([field]) => word(field) !== undefined);
  if (known !== undefined) return known[1];
  if (status !== undefined) return undefined;
  // Both stand in requests for instructions as well, but only together with the status of the call.
  if (word('AnsweredBy') !== undefined) return 'machine_detection';
  return word('RecordingSid') === undefined ? undefined : 'recording';
}
