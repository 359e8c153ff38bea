import { type Command, Option } from 'commander';
import { type Context, contextsPath, type KeySource, readContexts, writeContexts } from '../config/contexts-file';
import { usageFailure } from '../exit-codes';
import { example } from '../help';
import { type Cell, painted } from '../output/cells';
import { type GlobalOptions, outputOf } from '../session';

interface SetOptions {
  readonly keyEnv?: string;
  readonly keyFile?: string;
  readonly keyCommand?: string;
  readonly readOnly?: boolean;
}

export function addConfig(program: Command): void {
  const config = program
    .command('config')
    .description('The servers that srctl knows, each with the place of its key.')
    .addHelpText('after', example('srctl config contexts'));
  config
    .command('contexts')
    .description('The contexts; the current one is marked.')
    .addHelpText('after', example('srctl config contexts'))
    .action((_options: unknown, command: Command) => listContexts(command.optsWithGlobals<GlobalOptions>()));
  addSet(config);
  config
    .command('use <name>')
    .description('Make a context the current one.')
    .addHelpText('after', example('srctl config use staging'))
    .action((name: string, _options: unknown, command: Command) =>
      change(
        command,
        (file) => ({ ...file, 'current-context': known(file.contexts, name) }),
        `${name} is the current context`,
      ),
    );
  config
    .command('remove <name>')
    .description('Forget a context.')
    .addHelpText('after', example('srctl config remove staging'))
    .action((name: string, _options: unknown, command: Command) =>
      change(command, (file) => without(file, name), `${name} is forgotten`),
    );
}

function addSet(config: Command): void {
  config
    .command('set <name>')
    .description('Add a context or replace it: --server says where, and one of the others where its key comes from.')
    .addOption(
      new Option('--key-env <variable>', 'the variable that holds the key').conflicts(['keyFile', 'keyCommand']),
    )
    .addOption(new Option('--key-file <path>', 'the file that holds the key').conflicts('keyCommand'))
    .option('--key-command <command>', 'a command of the shell that prints the key')
    .option('--read-only', 'send nothing that changes something')
    .addHelpText(
      'after',
      example(
        'srctl config set staging --server http://smart-router.staging:8080 --key-env STAGING_KEY',
        'srctl config set prod --server https://smart-router.example.com --key-command "pass smart-router" --read-only',
      ),
    )
    .action(setContext);
}

async function setContext(name: string, options: SetOptions, command: Command): Promise<void> {
  const { server } = command.optsWithGlobals<GlobalOptions>();
  if (server === undefined) throw usageFailure('the context needs a server', 'add --server http://smart-router:8080');
  if (!URL.canParse(server)) throw usageFailure(`"${server}" is no address of a server`);
  const key = keySourceOf(options);
  const context = { server, ...(key && { key }), ...(options.readOnly && { 'read-only': true }) };
  await change(
    command,
    ({ contexts, ...file }) => ({ 'current-context': name, ...file, contexts: { ...contexts, [name]: context } }),
    `${name} is written to ${contextsPath()}`,
  );
}

function keySourceOf({ keyCommand, keyEnv, keyFile }: SetOptions): KeySource | undefined {
  if (keyEnv !== undefined) return { env: keyEnv };
  if (keyFile !== undefined) return { file: keyFile };
  return keyCommand === undefined ? undefined : { command: keyCommand };
}

type File = Awaited<ReturnType<typeof readContexts>>;

async function change(command: Command, edit: (file: File) => File, text: string): Promise<void> {
  await writeContexts(edit(await readContexts()));
  outputOf(command.optsWithGlobals<GlobalOptions>()).say(text);
}

function without({ contexts, 'current-context': current, ...rest }: File, name: string): File {
  known(contexts, name);
  const others = Object.fromEntries(Object.entries(contexts).filter(([each]) => each !== name));
  return {
    ...rest,
    ...(current !== undefined && current !== name && { 'current-context': current }),
    contexts: others,
  };
}

function known(contexts: Readonly<Record<string, Context>>, name: string): string {
  if (Object.hasOwn(contexts, name)) return name;
  throw usageFailure(`there is no context ${name}`, `known: ${Object.keys(contexts).join(', ') || 'none'}`);
}

async function listContexts(options: GlobalOptions): Promise<void> {
  const { contexts, 'current-context': current } = await readContexts();
  const rows = Object.entries(contexts).map(([name, context]): Cell[] => [
    name === current ? painted('*', 'green') : ' ',
    name,
    context.server,
    context.key === undefined ? null : Object.entries(context.key).flat().join(' '),
    context['read-only'] === true,
  ]);
  await outputOf(options).print({
    data: { 'current-context': current ?? null, contexts },
    table: [{ columns: ['', 'CONTEXT', 'SERVER', 'KEY', 'READ-ONLY'], rows }],
    names: Object.keys(contexts),
  });
}
