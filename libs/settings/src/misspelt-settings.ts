import { SCHEMA } from './schema';
import { FILE_VARIABLES } from './secret-files';

interface MisspeltSetting {
  /** The variable of the environment, which nobody reads. */
  readonly name: string;
  /** The setting that is spelt nearly the same. */
  readonly meant: string;
}

const KNOWN: readonly string[] = [...Object.keys(SCHEMA), ...FILE_VARIABLES.map((name) => `${name}_FILE`)];

/** Kubernetes and Docker describe every service by such variables, whatever it is called. */
const OF_A_SERVICE = /_(SERVICE_(HOST|PORT.*)|PORT(_\d+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?)?)$/;

/**
 * Finds variables that are no settings and were probably meant as one: one letter is wrong, missing, too much or
 * exchanged with its neighbour (two in long names), or the words stand in another order. Where the setting itself is
 * given, the variable is taken for that of another program.
 *
 * @param env that of this process unless given
 */
export function misspeltSettings(env: Readonly<Record<string, string | undefined>> = process.env): MisspeltSetting[] {
  const missing = KNOWN.filter((name) => !env[name]);
  return Object.keys(env)
    .filter((name) => !KNOWN.includes(name) && !OF_A_SERVICE.test(name))
    .flatMap((name) => {
      const meant = missing.find((setting) => isNearly(name.toUpperCase(), setting));
      return meant === undefined ? [] : [{ name, meant }];
    });
}

function isNearly(name: string, setting: string): boolean {
  const mistakes = mistakesAllowedIn(setting);
  if (Math.abs(name.length - setting.length) <= mistakes && distance(name, setting) <= mistakes) return true;
  return wordsOf(name) === wordsOf(setting);
}

/** Short names resemble each other by chance. */
function mistakesAllowedIn({ length }: string): number {
  if (length < 7) return 0;
  return length < 14 ? 1 : 2;
}

function wordsOf(name: string): string {
  return name.split(/[_-]/).sort().join('_');
}

/** After Damerau and Levenshtein: letters to change, add, leave out, or exchange with their neighbour, each pair once. */
function distance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1];
      const isExchanged = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const changed = (last[j - 1] as number) + (isSame ? 0 : 1);
      const exchanged = isExchanged ? (beforeLast[j - 2] as number) + 1 : Infinity;
      row[j] = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, changed, exchanged);
    }
    [beforeLast, last] = [last, row];
  }
  return last[to.length] as number;
}
