/**
 * Makes the function that writes `,"time":"<ISO 8601>"` into a line. Lines of one millisecond share the text, which
 * takes longer to make than the rest of a short line.
 */
export function timeField(now: () => number = Date.now): () => string {
  let textMs = NaN;
  let text = '';
  return () => {
    const ms = now();
    if (ms !== textMs) {
      textMs = ms;
      text = `,"time":"${new Date(ms).toISOString()}"`;
    }
    return text;
  };
}
