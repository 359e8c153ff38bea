import { areIdsWhole, haveSafeNames, type IdSpelling } from '../signed-fields';

const SIDS: IdSpelling = { nameEnd: 'Sid', value: '[A-Z]{2}[0-9a-fA-F]{32}' };
const ACCOUNT_SID = /^AC[0-9a-fA-F]{32}$/;
const CALL_SID = /^CA[0-9a-fA-F]{32}$/;

/**
 * Whether a signed request can mean one thing only. Twilio signs the address and the sorted parameters, all joined
 * without a separator: `…?merchant_id=acme` `AccountSidAC…` `CallSidCA…`.
 *
 * @param strictIds whether ids must look as Twilio's do. The account then is the first parameter, so that nothing of
 *   the address passes for one; compatible providers have other ids.
 */
export function isUnambiguous(publicUrl: string, parameters: URLSearchParams, strictIds: boolean): boolean {
  if (!haveSafeNames(parameters)) return false;
  return !strictIds || hasIdsOfTwilio(publicUrl, parameters);
}

function hasIdsOfTwilio(publicUrl: string, parameters: URLSearchParams): boolean {
  const sorted = [...parameters].sort(([a], [b]) => (a < b ? -1 : 1));
  const [first, account = ''] = sorted[0] ?? [];
  const callSid = parameters.get('CallSid');
  return (
    first === 'AccountSid' &&
    ACCOUNT_SID.test(account) &&
    // A few reports name no call.
    (callSid === null || CALL_SID.test(callSid)) &&
    areIdsWhole(publicUrl + sorted.flat().join(''), parameters, SIDS)
  );
}
