import { readCallFields, readStatusFields } from './call-fields';
import { formFields } from './form-body';
import type { CallReading, StatusReading } from './provider';
import type { WebhookRequest } from './webhook-request';

/** What a provider calls things that it sends as a form. */
export interface FormVocabulary {
  readonly callIdField: string;
  /** The words of `CallStatus`, in lower case, that mean that the call is over. */
  readonly terminalStates: ReadonlySet<string>;
}

/**
 * Reads a request for a pod: the id of the call from the signed form, the rest from the query of the registered
 * address. The form may just as well report the end of the call.
 */
export function readFormCall(request: WebhookRequest, vocabulary: FormVocabulary): CallReading {
  const form = formFields(request);
  const status = readStatus(form, vocabulary);
  if (status.kind === 'ended') {
    return status;
  }
  const { callIdField } = vocabulary;
  return readCallFields({
    callIdField,
    field: (name) => (name === callIdField ? form : request.query).get(name),
    pathTemplate: request.pathTemplate,
  });
}

/** Reads a status callback. */
export function readFormStatus(request: WebhookRequest, vocabulary: FormVocabulary): StatusReading {
  return readStatus(formFields(request), vocabulary);
}

function readStatus(form: URLSearchParams, { callIdField, terminalStates }: FormVocabulary): StatusReading {
  return readStatusFields({
    callIdField,
    callSid: form.get(callIdField),
    statusField: 'CallStatus',
    status: form.get('CallStatus'),
    isTerminal: (status) => terminalStates.has(status),
  });
}
