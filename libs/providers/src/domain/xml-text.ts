/** Everything that XML 1.0 cannot hold, not even escaped: control characters, lone surrogates, U+FFFE and U+FFFF. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** The builders of the providers escape markup, but let such characters through, and the document would not parse. */
export function xmlText(text: string): string {
  return text.replace(NOT_XML, '');
}
