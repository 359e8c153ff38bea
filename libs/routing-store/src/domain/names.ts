/**
 * What `call_sid`, `merchant_id` and `pod_name` may look like: 1 to 128 characters that are safe in keys and URLs. `.` and
 * `..` are steps of a path there, which clients and proxies resolve (RFC 3986, 5.2.4).
 */
export const IDENTIFIER = /^(?!\.{1,2}$)[A-Za-z0-9._:~-]{1,128}$/;

/** The same rule in words, for error texts. */
export const IDENTIFIER_RULE = '1 to 128 characters of A-Z a-z 0-9 . _ : ~ -, not . or ..';

/** Names of tiers and dedicated pools: no colon, since it separates the parts of a key. */
export const POOL_NAME_PART = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,64}$/;

/** Words that follow `pod:` in other keys; a pod of such a name would write over them. */
const RESERVED_POD_NAME = /^(metadata$|tier:|draining:|calls:)/;

/** Whether a pod of this name can be registered. */
export function isPodName(name: string): boolean {
  return IDENTIFIER.test(name) && !RESERVED_POD_NAME.test(name);
}
