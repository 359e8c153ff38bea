export interface Sentence {
  readonly text: string;
  readonly words: number;
}

/** The sentences of a page in Markdown: paragraphs and entries of lists, without headings, tables and blocks of code. */
export function sentencesOf(markdown: string): Sentence[] {
  return blocksOf(markdown)
    .filter((block) => !/^[|#<]/.test(block))
    .flatMap((block) => block.split(/(?<=[.!?][*")]*) (?=[A-Z`*"([])/))
    .map((text) => ({ text, words: text.split(' ').length }));
}

/** All words of a page but those of code: headings and tables too. */
export function wordsOf(markdown: string): string {
  return blocksOf(markdown).join('\n');
}

/** Paragraphs, entries and rows on one line each; code in the line is one word, and a link is its text. */
function blocksOf(markdown: string): string[] {
  return (
    markdown
      .replaceAll(/^ *```[\s\S]*?^ *```$/gm, '')
      // A title of a test behind its file is code as well.
      .replaceAll(/`[^`]*`(?: \("[^"]*"\))?/g, 'CODE')
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )|\n(?=\|)/)
      .map((block) =>
        block
          .replaceAll(/\s+/g, ' ')
          .replace(/^ *(?:[-*]|\d+\.) /, '')
          .trim(),
      )
      .filter((block) => block !== '')
  );
}
