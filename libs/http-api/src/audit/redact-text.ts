const SECRET_NAME = /secret|token|password|passwd|authorization|cookie|credential|signature|api_?key/i;
const HIDDEN = '***';

/**
 * A stored text without what looks like a secret: configs have no place for one, but what is written by hand may hold
 * anything. Of a text that is no JSON, or only its beginning, nothing is shown where it speaks of a secret.
 */
export function redactText(text: string | null): string | null {
  if (text === null || !SECRET_NAME.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), hideSecrets);
  } catch {
    return HIDDEN;
  }
}

function hideSecrets(name: string, value: unknown): unknown {
  return SECRET_NAME.test(name) ? HIDDEN : value;
}
