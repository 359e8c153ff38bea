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

/** The tables of `docs/configuration.md`, in Markdown. */
export function settingsTables(): string {
  return SECTIONS.map(({ title, variables }) =>
    [
      `## ${title}`,
      '',
      '| Variable | Meaning | Default | Must be | Example |',
      '| --- | --- | --- | --- | --- |',
      ...Object.entries(variables).map(([name, variable]) => row(name, variable)),
      '',
    ].join('\n'),
  ).join('\n');
}
