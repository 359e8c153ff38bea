import { areIdsWhole, haveSafeNames, type IdSpelling } from '../signed-fields';
import { signedTextV3, type SignedRequest } from './plivo-signature';

const HEX = '[0-9a-fA-F]';
const UUID = `${HEX}{8}(-${HEX}{4}){3}-${HEX}{12}`;
const IDS: IdSpelling = { nameEnd: 'UUID', value: UUID };
const CALL_UUID = new RegExp(`^${UUID}$`);

/** Without the dot, which stands between it and what comes before it. */
const NONCE = /^[A-Za-z0-9-]{1,64}$/;

interface PlivoCheck {
  /** Whether ids must look as Plivo's do; compatible providers have others. */
  readonly strictIds: boolean;
  /** Whether the signature covers query and form. */
  readonly coversParameters: boolean;
}

/**
 * Whether a signed request can mean one thing only. Plivo signs `{address}?{query}.{form}.{nonce}`, with the parameters
 * of the form joined without a separator, and a dot may stand in any value.
 */
export function isUnambiguous(signed: SignedRequest, { strictIds, coversParameters }: PlivoCheck): boolean {
  const { form, nonce } = signed;
  if (!NONCE.test(nonce) || !haveSafeNames(form)) return false;
  if (!strictIds) return true;
  const callUuid = form.get('CallUUID');
  // A few reports name no call.
  if (callUuid !== null && !CALL_UUID.test(callUuid)) return false;
  return !coversParameters || areIdsWhole(signedTextV3(signed), form, IDS);
}
