// Breaks the store's Lua scripts on purpose, one statement at a time, and tells which mutants no test noticed.
//
//   npm run test:mutants                     all of them, a quarter of an hour
//   npm run test:mutants -- allocate-1       only those of the files whose path holds the word
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const SCRIPTS = 'libs/routing-store/src/redis/scripts';

// Lines that are a statement of their own: a command to Redis, or a guard.
const STATEMENT =
  /^\s*(redis\.call\(.*\)|if .* end|settle\(.*\)|clear_drain\(.*\)|end_call\(.*\)|withdraw\(.*\)|remove_member\(.*\)|end_dead_calls\(\)|mend_drain\(\)|pass_lease_on\(.*\)|grant\(.*\))$/;

// The cheap suites first; the random sequences only for what survives them.
const SUITES = [
  { match: '**/redis-{keys,repair}.int-spec.ts' },
  { match: '**/redis-routing-store.int-spec.ts' },
  { match: '**/redis-model.int-spec.ts', runs: '150' },
];

function mutantsOf(path) {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((text, i) => (STATEMENT.test(text) ? [{ path, line: i + 1, text: text.trim() }] : []));
}

function isNoticed({ path, line }) {
  return SUITES.some(({ match, runs }) => {
    const env = { ...process.env, LUA_MUTANT: `${relative(SCRIPTS, path)}:${line}` };
    if (runs) env.STORE_MODEL_RUNS = runs;
    const args = ['-c', 'libs/routing-store/jest.config.js', '--bail', `--testMatch=${match}`];
    return spawnSync('jest', args, { env, stdio: 'ignore' }).status !== 0;
  });
}

const wanted = process.argv[2] ?? '';
const files = readdirSync(SCRIPTS, { recursive: true, encoding: 'utf8' }).map((file) => join(SCRIPTS, file));
const mutants = files.filter((file) => file.endsWith('.lua') && file.includes(wanted)).flatMap(mutantsOf);

const survivors = mutants.filter((mutant) => {
  const noticed = isNoticed(mutant);
  process.stdout.write(`${noticed ? 'noticed ' : 'SURVIVED'} ${mutant.path}:${mutant.line} ${mutant.text}\n`);
  return !noticed;
});
process.stdout.write(`${mutants.length} mutants, ${survivors.length} survived\n`);
process.exitCode = survivors.length > 0 ? 1 : 0;
