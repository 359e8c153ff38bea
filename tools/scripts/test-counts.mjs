// Plain Node 20 without dependencies. Reads what one run of Nx left behind: its list of tasks, and the counts that
// tools/jest/count-reporter.cjs wrote for each task that runs tests.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const TEST_TARGETS = new Set(['test', 'test-int', 'test-kube', 'e2e']);

/** Removes what an earlier run left, so that it cannot be taken for this one. */
export function forgetCounts(root) {
  rmSync(taskList(root), { force: true });
  rmSync(join(root, 'reports/test-counts'), { recursive: true, force: true });
}

/**
 * Tests count one by one. A lint, type check or build counts only where it fails; so does a run of tests that fails
 * without a failed test (it crashed, or found no test at all).
 * @param exitCode of Nx
 * @returns {{ passed: number, failed: number, failures: string[], skips: string[] }} `failures` names the failed tasks
 * and tests with the reason, `skips` the tasks with tests that this machine does not allow, and how many
 */
export function readCounts(root, exitCode) {
  const tasks = existsSync(taskList(root)) ? JSON.parse(readFileSync(taskList(root), 'utf8')).tasks : [];
  const sum = { passed: 0, failed: 0, failures: [], skips: [] };
  for (const task of tasks) addTask(sum, task, root);
  if (exitCode !== 0 && sum.failed === 0) {
    sum.failed = 1;
    sum.failures.push(`nx ended with ${exitCode}`);
  }
  return sum;
}

function addTask(sum, { taskId, target, projectName, status }, root) {
  const counts = TEST_TARGETS.has(target) ? testCounts(root, projectName, target) : { passed: 0, failed: 0 };
  const taskFailed = status !== 0 || counts.failed > 0;
  sum.passed += counts.passed;
  sum.failed += taskFailed ? Math.max(counts.failed, 1) : 0;
  if (taskFailed) sum.failures.push(taskId, ...(counts.failures ?? []).map(describeFailure));
  if (counts.skipped > 0) sum.skips.push(`${taskId} (${counts.skipped})`);
}

function describeFailure({ test, reason }) {
  return `${test}\n${reason.replaceAll(/^/gm, '    ')}`;
}

/**
 * What came of one command: where it counts for itself, its counts; else it counts only where it fails.
 * @param exitCode of the command
 * @param name for people
 * @param counts the name under which the command left its counts, where it did
 */
export function readCheck(root, exitCode, name, counts) {
  const { passed, failed } = counts ? countsOf(root, counts) : { passed: 0, failed: 0 };
  const hasFailed = exitCode !== 0 || failed > 0;
  return { passed, failed: hasFailed ? Math.max(failed, 1) : 0, failures: hasFailed ? [name] : [], skips: [] };
}

/** Where a command leaves the counts of this name. */
export function countsFile(root, name) {
  return join(root, 'reports/test-counts', `${name}.json`);
}

function testCounts(root, project, target) {
  return countsOf(root, `${project}-${target}`);
}

/** A run of tests that left no counts did not get to its end. */
function countsOf(root, name) {
  const file = countsFile(root, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 1 };
}

function taskList(root) {
  return join(root, '.nx/cache/run.json');
}
