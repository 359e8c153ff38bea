import { SECTIONS } from './schema';
import type { Documentation } from './variable';

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function row(name: string, { desc, rule, fallback, example, secret }: Documentation): string {
  const names = secret ? `\`${name}\`, \`${name}_FILE\`` : `\`${name}\``;
  const standard = fallback === undefined ? 'unset' : `\`${fallback}\``;
  return `| ${names} | ${[desc, standard, rule, `\`${example}\``].map(cell).join(' | ')} |`;
}

const INTRODUCTION = `# Settings

Generated from \`libs/settings\` by \`npm run docs\`. How they are read, and the ten that everybody sets:
[configuration](../configuration.md).`;

/** The page `docs/reference/settings.md`, in Markdown. */
export function settingsPage(): string {
  const sections = SECTIONS.map(({ title, variables }) =>
    [
      `## ${title}`,
      '',
      '| Variable | Meaning | Default | Must be | Example |',
      '| --- | --- | --- | --- | --- |',
      ...Object.entries(variables).map(([name, variable]) => row(name, variable)),
    ].join('\n'),
  );
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}
