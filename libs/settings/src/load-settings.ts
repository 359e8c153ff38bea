import { customCleanEnv } from 'envalid';
import { buildSettings } from './build-settings';
import { CROSS_RULES } from './cross-rules';
import { InvalidSettingsError } from './invalid-settings-error';
import { SCHEMA, type Values, type VariableName } from './schema';
import { readSecretFiles } from './secret-files';
import type { AppName, Settings } from './settings';

type Texts = Readonly<Record<string, string | undefined>>;

const NAMES = Object.keys(SCHEMA) as VariableName[];

/**
 * Reads and checks the whole environment once, before anything starts.
 *
 * @param env the environment, as of `process.env`; an empty value counts as unset
 * @param app which application asks: what is required differs
 * @returns settings that are frozen in depth
 * @throws InvalidSettingsError that lists every mistake; values of secrets are not in it
 */
export function loadSettings(env: Texts, app: AppName): Settings {
  const files = readSecretFiles(env);
  const texts = { ...defaults(), ...given(env), ...files.values };
  const { values, problems } = check(texts, app);
  const all = [...files.problems, ...problems];
  if (all.length > 0) throw new InvalidSettingsError(all);
  return freeze(buildSettings(values, app));
}

/** As `loadSettings`, from the environment of this process: the only place that reads it. */
export function loadProcessSettings(app: AppName): Settings {
  return loadSettings(process.env, app);
}

function defaults(): Texts {
  return Object.fromEntries(NAMES.map((name) => [name, SCHEMA[name].fallback]));
}

function given(env: Texts): Texts {
  return Object.fromEntries(NAMES.map((name) => [name, env[name]?.trim()]).filter(([, text]) => text));
}

function check(texts: Texts, app: AppName): { values: Values; problems: readonly string[] } {
  let broken: readonly VariableName[] = [];
  const values = customCleanEnv(texts, SCHEMA, (cleaned) => cleaned, {
    reporter: ({ errors }) => {
      broken = NAMES.filter((name) => errors[name] !== undefined);
    },
  });
  const single = broken.map((name) => describeProblem(name, texts[name] ?? ''));
  const checkable = CROSS_RULES.filter((rule) => !rule.about.some((name) => broken.includes(name)));
  const crossing = checkable.map((rule) => rule.problem(values, app)).filter((problem) => problem !== undefined);
  return { values, problems: [...single, ...crossing] };
}

function describeProblem(name: VariableName, text: string): string {
  const { rule, example, secret } = SCHEMA[name];
  const shown = secret ? '' : `, but is ${JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text)}`;
  return `${name} must be ${rule}${shown} (example: ${example})`;
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
