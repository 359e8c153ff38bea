/**
 * Signatures cover a text in which fields stand one after the other, without anything between a name and its value, and
 * at Twilio without anything between two fields. Another cut of the same text makes other fields, with the same
 * signature. What follows leaves one cut.
 */

/** No cut that begins a name within a value passes where the value continues with anything else. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,127}$/;

/** Whether the fields have names as providers use them, each once. */
export function haveSafeNames(fields: URLSearchParams): boolean {
  const names = [...fields.keys()];
  return names.every((name) => NAME.test(name)) && new Set(names).size === names.length;
}

/** How a provider writes ids: the name of each such field ends with `nameEnd`, its whole value matches `value`, case and all. */
export interface IdSpelling {
  readonly nameEnd: string;
  /** A regular expression without anchors. */
  readonly value: string;
}

/**
 * Whether each id that stands in the signed text is that of a field: an id inside a name, or inside the text of
 * another value, has been cut off from its name to hide it.
 */
export function areIdsWhole(signedText: string, fields: URLSearchParams, { nameEnd, value }: IdSpelling): boolean {
  const whole = new RegExp(`^${value}$`);
  const named = [...fields].filter(([name, text]) => name.endsWith(nameEnd) && whole.test(text));
  return (signedText.match(new RegExp(nameEnd + value, 'g'))?.length ?? 0) === named.length;
}
