/**
 * What `call_sid`, `merchant_id` and `pod_name` may look like, in requests, keys and settings: 1 to 128 characters that are
 * safe in keys and URLs. `.` and `..` are steps of a path there, which clients and proxies resolve (RFC 3986, 5.2.4).
 */
export const IDENTIFIER = /^(?!\.{1,2}$)[A-Za-z0-9._:~-]{1,128}$/;

/** The same rule in words, for error texts. */
export const IDENTIFIER_RULE = '1 to 128 characters of A-Z a-z 0-9 . _ : ~ -, not . or ..';
