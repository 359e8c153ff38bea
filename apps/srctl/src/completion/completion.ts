import { answerOf, type ApiClient } from '@smart-router/api-client';
import { Argument, type Command } from 'commander';
import { environment } from '../environment';
import { parseDuration } from '../output/times';
import { readContexts } from '../config/contexts-file';
import { example } from '../help';
import { chooseTarget, type TargetOptions } from '../config/target';
import { openClient } from '../session';

/** A person waits for the names between two keys. `SRCTL_COMPLETION_TIMEOUT` is for servers that are far away. */
const DEADLINE_MS = parseDuration(environment['SRCTL_COMPLETION_TIMEOUT'] ?? '') ?? 300;
const MOST_NAMES = 200;

/** The names that stand for an argument, by the name of the argument or option. */
const NAMES: Readonly<Record<string, (api: ApiClient) => Promise<string[]>>> = {
  pod: podNames,
  pods: podNames,
  call_sid: async (api) => (await answerOf(api.GET('/api/v1/calls', page()))).items.map(({ call_sid }) => call_sid),
  merchant: async (api) =>
    (await answerOf(api.GET('/api/v1/merchants', page()))).items.map(({ merchant_id }) => merchant_id),
  pool: async (api) => Object.keys((await answerOf(api.GET('/api/v1/status'))).pools ?? {}),
  context: contextNames,
  name: contextNames,
};

const SCRIPTS = {
  bash: `_srctl() {
  local IFS=$'\\n'
  COMPREPLY=($(srctl __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [ \${#COMPREPLY[@]} -gt 0 ] || compopt -o default
}
complete -F _srctl srctl`,
  zsh: `#compdef srctl
_srctl() {
  local -a names
  names=("\${(@f)$(srctl __complete "\${(@)words[2,$CURRENT]}" 2>/dev/null)}")
  [[ -n "$names" ]] && compadd -a names || _files
}
compdef _srctl srctl`,
  fish: `complete -c srctl -f -a '(srctl __complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
} as const;

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('Print a script that completes commands and names in a shell.')
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', example('source <(srctl completion bash)', 'srctl completion fish | source'))
    .action((shell: keyof typeof SCRIPTS) => {
      process.stdout.write(`${SCRIPTS[shell]}\n`);
    });
}

/**
 * Writes what may stand in the place of the last word, each on a line. Called by the scripts as `srctl __complete`, past the
 * parser, since the words are of a command that is not whole.
 *
 * @param words without `srctl`; the last one is being typed
 */
export async function printCandidates(program: Command, words: readonly string[]): Promise<never> {
  const names = await candidates(program, words);
  await new Promise((written) => process.stdout.write(names.map((name) => `${name}\n`).join(''), written));
  // A request that is still under way would keep the shell waiting.
  return process.exit(0);
}

async function candidates(program: Command, words: readonly string[]): Promise<string[]> {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const { command, position } = placeOf(program, before);
  return (await namesFor(command, position, before, typed)).filter((name) => name.startsWith(typed));
}

async function namesFor(
  command: Command,
  position: number,
  before: readonly string[],
  typed: string,
): Promise<readonly string[]> {
  const option = optionOf(command, before.at(-1));
  if (option && !option.isBoolean()) return option.argChoices ?? served(option.attributeName(), before);
  if (typed.startsWith('-')) return optionsOf(command).flatMap(({ long }) => long ?? []);
  if (command.commands.length > 0) return command.commands.map((each) => each.name());
  const argument = argumentAt(command, position);
  return argument?.argChoices ?? served(argument?.name() ?? '', before);
}

/** The last argument of a command may stand for any number. */
function argumentAt({ registeredArguments }: Command, position: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[position] ?? (last?.variadic ? last : undefined);
}

/** Which command the words lead to, and how many arguments it has already. */
function placeOf(program: Command, words: readonly string[]): { command: Command; position: number } {
  let command = program;
  let position = 0;
  for (const [index, word] of words.entries()) {
    const takesValue = optionOf(command, words[index - 1])?.required === true;
    if (takesValue || word.startsWith('-')) continue;
    const next = command.commands.find((each) => each.name() === word);
    if (next) command = next;
    else position++;
  }
  return { command, position };
}

function optionsOf(command: Command): Command['options'] {
  return command.parent ? [...command.options, ...optionsOf(command.parent)] : command.options;
}

function optionOf(command: Command, word: string | undefined): Command['options'][number] | undefined {
  return optionsOf(command).find(({ long, short }) => word !== undefined && (long === word || short === word));
}

/** Names from the server, or none where it takes too long or says no. */
async function served(kind: string, before: readonly string[]): Promise<string[]> {
  const ask = NAMES[kind];
  if (ask === undefined) return [];
  const tooLate = new Promise<string[]>((resolve) => setTimeout(resolve, DEADLINE_MS, []).unref());
  const asked = chooseTarget(targetIn(before)).then((target) => ask(openClient(target, DEADLINE_MS, 0)));
  return Promise.race([asked, tooLate]).catch(() => []);
}

function targetIn(words: readonly string[]): TargetOptions {
  const valueOf = (name: string): string | undefined => words[words.indexOf(name) + 1];
  const [server, context] = ['--server', '--context'].map((name) => (words.includes(name) ? valueOf(name) : undefined));
  return { ...(server !== undefined && { server }), ...(context !== undefined && { context }) };
}

async function podNames(api: ApiClient): Promise<string[]> {
  return (await answerOf(api.GET('/api/v1/pods', page()))).items.map(({ pod_name }) => pod_name);
}

async function contextNames(): Promise<string[]> {
  return Object.keys((await readContexts()).contexts);
}

function page(): { params: { query: { limit: number } } } {
  return { params: { query: { limit: MOST_NAMES } } };
}
