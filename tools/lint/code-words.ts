import { NAMES, WORDS } from './words.mjs';

/** Each use in a source of a word that nobody searches for, with the line that it stands in. */
export function wordsInCode(source: string): string[] {
  return source.split('\n').flatMap((line, index) => {
    const found = [...inTexts(line), ...inNames(line)];
    return found.map((problem) => `${index + 1}: ${problem}`);
  });
}

/** Words of comments, titles and texts; quotes of code in comments are left to the check of names. */
function inTexts(line: string): string[] {
  const text = line.replaceAll(/https?:\S+/g, '');
  return WORDS.flatMap(({ pattern, better }) => {
    const [hit] = new RegExp(pattern.source, 'i').exec(text) ?? [];
    return hit === undefined ? [] : `"${hit}" (${better})`;
  });
}

function inNames(line: string): string[] {
  const names = line.match(/[A-Za-z_]\w+/g) ?? [];
  return NAMES.flatMap(({ pattern, better }) =>
    names.filter((name) => pattern.test(name)).map((name) => `${name} (${better})`),
  );
}
