import { type Meaning, readWebhook, type WordLookup } from './call-fields';
import { formFields } from './form-body';
import type { WebhookReading } from './provider';
import type { WebhookRequest } from './webhook-request';

/** What a provider calls things that it sends as a form. */
export interface FormVocabulary {
  readonly callIdField: string;
  readonly meaningOf: (word: WordLookup) => Meaning;
}

/** What the call is and does stands in the signed form, the rest in the query of the registered address. */
export function readFormWebhook(request: WebhookRequest, vocabulary: FormVocabulary): WebhookReading {
  const { callIdField, meaningOf } = vocabulary;
  const form = formFields(request);
  return readWebhook(
    {
      callIdField,
      said: (name) => form.getAll(name),
      asked: (name) => request.query.getAll(name),
      pathTemplate: request.pathTemplate,
    },
    meaningOf,
  );
}
