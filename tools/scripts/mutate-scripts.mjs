// Breaks the store's Lua scripts on purpose, one statement or one checked key at a time, and reports which mutants no test noticed.
//
//   npm run test:mutants                     all of them, hours
//   npm run test:mutants -- allocate         only those of the files whose path holds the word
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const SCRIPTS = 'libs/routing-store/src/redis/scripts';

// Lines that begin a statement of their own: a command to Redis, or a guard.
const STATEMENT =
  /^\s*(redis\.p?call\(.*|if .* end|(write|settle|clear_drain|keep_drain|end_call|end_due_drains|note_end|note_unknown_release|raise_grant_number|ensure_generation|expect_members|hold_calls|wait_for|withdraw|remove_member|end_dead_calls|repair\w*|restore_\w+|leave_call|end_or_leave_call|forget_call|list_pod|sweep_pod|index_calls|recall_calls|describe_call|remember_\w+|note_met|note|end_calls_of_lost_lease|pass_lease_on|renew|grant|bar|record_\w+|check_\w+|quarantine\w*)\(.*)$/;
// Checks of several keys, each of which is a statement of the script in the end.
const CHECK_OF_KEYS = /^(\s*(?:check_types|quarantine))\((.*, .*)\)$/;
// A guard of several conditions, each of which is one of the script in the end.
const GUARD = /^(\s*if )(.* or .*)( then return .* end)$/;
// Lines that are a part of a condition.
const CONDITION = /^\s*(and|or) .*[^,]$/;

// The suites that cover a script, the cheap ones first; the random sequences only for what survives them. What is only
// in the text of an audited script, or only read by it, has its own.
const COMMON = ['redis-{keys,repair,clock}', 'redis-routing-store', 'redis-foreign-keys', 'redis-model'];
const SUITES = [
  { files: /fast-/, suites: ['redis-{keys,refused-writes}', 'redis-fast-paths'] },
  { files: /read-conditions|^drain\.lua|includes\/pods/, suites: ['redis-conditions', ...COMMON] },
  { files: /audited/, suites: ['redis-audit'] },
  { files: /find-suspects/, suites: ['redis-suspects', 'redis-foreign-keys'] },
  { files: /reassert|abandon|generation|admission/, suites: ['redis-generation', ...COMMON] },
  { files: /end-call|end-marks|unknown-ends/, suites: ['redis-end-marks', 'redis-generation', ...COMMON] },
  { files: /foreign-keys|types/, suites: ['redis-foreign-keys', ...COMMON] },
  { files: /indexes|sweep-/, suites: ['redis-indexes', ...COMMON] },
  { files: /expire-leases/, suites: ['redis-generation', 'redis-indexes', ...COMMON] },
  { files: /repair-pod|register-pod/, suites: ['redis-indexes', ...COMMON] },
  { files: /replace-tier-config/, suites: ['redis-hints-refused', 'redis-merchants', ...COMMON] },
  { files: /merchant-config|change-log|drain-record/, suites: ['redis-merchants', ...COMMON] },
  { files: /identify-store|own-store/, suites: ['store-watch', 'redis-foreign-keys'] },
  { files: /past-calls|skip-reasons/, suites: ['redis-past-calls', ...COMMON] },
  { files: /views|list-|read-|fleet-stats/, suites: ['redis-routing-store', 'redis-suspects', ...COMMON] },
  { files: /./, suites: COMMON },
];
const MODEL_RUNS = '150';

/** A mutant that loops for ever, or leaves its test waiting, is noticed. */
const SUITE_TIMEOUT_MS = 10 * 60_000;

function mutantsOf(path) {
  const lines = readFileSync(path, 'utf8').split('\n');
  const isHeader = (i) => i < lines.indexOf(']]');
  return lines.flatMap((text, i) => {
    if (isHeader(i)) return [];
    if (CHECK_OF_KEYS.test(text)) return withoutEachKey(path, i + 1, text);
    if (GUARD.test(text)) return withoutEachCondition(path, i + 1, text);
    if (CONDITION.test(text)) return [{ path, lines: `${i + 1}`, text: text.trim() }];
    if (!STATEMENT.test(text)) return [];
    const last = lastLine(lines, i);
    return last === null ? [] : [{ path, lines: `${i + 1}-${last + 1}`, text: text.trim() }];
  });
}

function withoutEachKey(path, line, text) {
  const [, check, list] = CHECK_OF_KEYS.exec(text);
  const keys = list.split(', ');
  return keys.map((key) => {
    const instead = `${check}(${keys.filter((other) => other !== key).join(', ')})`;
    return { path, lines: `${line}`, instead, text: `${key} in ${text.trim()}` };
  });
}

function withoutEachCondition(path, line, text) {
  const [, before, list, after] = GUARD.exec(text);
  const conditions = list.split(' or ');
  return conditions.map((condition) => {
    const instead = before + conditions.filter((other) => other !== condition).join(' or ') + after;
    return { path, lines: `${line}`, instead, text: `${condition} in ${text.trim()}` };
  });
}

/** Where the brackets of a statement that begins at this line are closed; `null` where it opens a block. */
function lastLine(lines, first) {
  let depth = 0;
  for (let i = first; i < lines.length; i++) {
    depth += (lines[i].match(/[({]/g) ?? []).length - (lines[i].match(/[)}]/g) ?? []).length;
    if (depth > 0) continue;
    return /\b(then|do|or|and)$/.test(lines[i]) ? null : i;
  }
  return null;
}

function suitesOf(path) {
  return SUITES.find(({ files }) => files.test(relative(SCRIPTS, path))).suites;
}

function isNoticed({ path, lines, instead = '' }) {
  const mutant = { LUA_MUTANT: `${relative(SCRIPTS, path)}:${lines}`, LUA_MUTANT_TEXT: instead };
  const env = { ...process.env, ...mutant, STORE_MODEL_RUNS: MODEL_RUNS };
  return suitesOf(path).some((suite) => {
    const args = ['--roots', 'libs/routing-store', '--bail', `--testMatch=**/${suite}.int-spec.ts`];
    return (
      spawnSync('jest', args, { env, stdio: 'ignore', timeout: SUITE_TIMEOUT_MS, killSignal: 'SIGKILL' }).status !== 0
    );
  });
}

const wanted = process.argv[2] ?? '';
const files = readdirSync(SCRIPTS, { recursive: true, encoding: 'utf8' }).map((file) => join(SCRIPTS, file));
const mutants = files.filter((file) => file.endsWith('.lua') && file.includes(wanted)).flatMap(mutantsOf);

const survivors = mutants.filter((mutant) => {
  const noticed = isNoticed(mutant);
  process.stdout.write(`${noticed ? 'noticed ' : 'SURVIVED'} ${mutant.path}:${mutant.lines} ${mutant.text}\n`);
  return !noticed;
});
process.stdout.write(`${mutants.length} mutants, ${survivors.length} survived\n`);
process.exitCode = survivors.length > 0 ? 1 : 0;
