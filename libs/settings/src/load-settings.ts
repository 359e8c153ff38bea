import { customCleanEnv } from 'envalid';
import { buildSettings } from './build-settings';
import { CROSS_RULES } from './cross-rules';
import { InvalidSettingsError } from './invalid-settings-error';
import { SCHEMA, type Values, type VariableName } from './schema';
import { readSecretFiles, secretFiles } from './secret-files';
import type { AppName, Settings } from './settings';
import { WatchedSecrets } from './watched-secrets';

type Texts = Readonly<Record<string, string | undefined>>;

const NAMES = Object.keys(SCHEMA) as VariableName[];

/** What only a domain can say of a variable: this library knows none. */
export interface SettingCheck {
  readonly name: VariableName;
  /** @returns what is wrong with a text that is valid as far as this library can see; it continues after the name */
  problem(text: string): string | undefined;
}

/**
 * Reads and checks the whole environment once, before anything starts.
 *
 * @param env the environment, as of `process.env`; an empty value counts as unset
 * @param app which application asks: what is required differs
 * @param checks those of the domains
 * @returns settings that are frozen in depth
 * @throws InvalidSettingsError that lists every mistake; values of secrets are not in it
 */
export function loadSettings(env: Texts, app: AppName, checks: readonly SettingCheck[] = []): Settings {
  return loadWatched(env, app, checks).settings;
}

/** Settings, and those of their secrets that come from files and may be replaced there. */
interface LoadedSettings {
  readonly settings: Settings;
  readonly secrets: WatchedSecrets;
}

/** As `loadSettings`, with the files of its secrets to be read again. A changed file is checked by the same rules. */
export function loadWatched(env: Texts, app: AppName, checks: readonly SettingCheck[] = []): LoadedSettings {
  const files = readSecretFiles(env);
  const read = (texts: Texts): Settings => readTexts(texts, app, checks, files.problems);
  const texts = { ...defaults(), ...given(env), ...files.values };
  const settings = read(texts);
  return { settings, secrets: new WatchedSecrets({ files: secretFiles(env), texts, settings, read }) };
}

/** As `loadWatched`, from the environment of this process: the only place that reads it. */
export function loadProcessSettings(app: AppName, checks: readonly SettingCheck[] = []): LoadedSettings {
  return loadWatched(process.env, app, checks);
}

/** @throws InvalidSettingsError */
function readTexts(
  texts: Texts,
  app: AppName,
  checks: readonly SettingCheck[],
  fileProblems: readonly string[],
): Settings {
  const { values, broken, problems } = check(texts, app);
  const all = [...fileProblems, ...problems, ...domainProblems(texts, broken, checks)];
  if (all.length > 0) throw new InvalidSettingsError(all);
  return freeze(buildSettings(values, app));
}

function defaults(): Texts {
  return Object.fromEntries(NAMES.map((name) => [name, SCHEMA[name].fallback]));
}

function given(env: Texts): Texts {
  return Object.fromEntries(NAMES.map((name) => [name, env[name]?.trim()]).filter(([, text]) => text));
}

interface Checked {
  readonly values: Values;
  readonly broken: readonly VariableName[];
  readonly problems: readonly string[];
}

function check(texts: Texts, app: AppName): Checked {
  let broken: readonly VariableName[] = [];
  const values = customCleanEnv(texts, SCHEMA, (cleaned) => cleaned, {
    reporter: ({ errors }) => {
      broken = NAMES.filter((name) => errors[name] !== undefined);
    },
  });
  const single = broken.map((name) => describeProblem(name, texts[name] ?? ''));
  const checkable = CROSS_RULES.filter((rule) => !rule.about.some((name) => broken.includes(name)));
  const crossing = checkable.map((rule) => rule.problem(values, app)).filter((problem) => problem !== undefined);
  return { values, broken, problems: [...single, ...crossing] };
}

function domainProblems(texts: Texts, broken: readonly VariableName[], checks: readonly SettingCheck[]): string[] {
  return checks.flatMap(({ name, problem }) => {
    const text = texts[name];
    const found = text === undefined || broken.includes(name) ? undefined : problem(text);
    return found === undefined ? [] : [`${name} ${found}`];
  });
}

/** User and password of a URL, which has no secret otherwise. */
const USER_INFO = /\/\/[^/]*@/;

function describeProblem(name: VariableName, text: string): string {
  const { rule, example, secret } = SCHEMA[name];
  const printable = text.replace(USER_INFO, '//[hidden]@');
  const short = printable.length > 80 ? `${printable.slice(0, 80)}...` : printable;
  const shown = secret ? '' : `, but is ${JSON.stringify(short)}`;
  return `${name} must be ${rule}${shown} (example: ${example})`;
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
