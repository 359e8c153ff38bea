/** What the id of a call, a merchant, a flow or a template may look like: safe in keys, URLs and XML. */
export const IDENTIFIER = /^[A-Za-z0-9._:~-]{1,128}$/;

/** The same rule in words. */
export const IDENTIFIER_RULE = '1 to 128 characters of A-Z a-z 0-9 . _ : ~ -';
