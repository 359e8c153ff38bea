// Plain Node 20 without dependencies. Reads what a step of the tests left behind: its exit code, and the counts that
// tools/jest/count-reporter.cjs, or the step itself, wrote.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Where a step leaves its counts. */
export function countsFile(root, name) {
  return join(root, 'reports/test-counts', `${name.replaceAll(' ', '-')}.json`);
}

/** Removes what an earlier run left, so that it cannot be taken for this one. */
export function forgetCounts(root) {
  rmSync(join(root, 'reports/test-counts'), { recursive: true, force: true });
}

/**
 * Tests count one by one. A check counts only where it fails; so does a run of tests that fails without a failed test
 * (it crashed, or found no test at all).
 * @param exitCode of the step
 * @param counted whether the step leaves counts
 * @returns {{ name: string, passed: number, failed: number, skipped: number, failures: string[] }} `failures` names the
 * step and the failed tests with the reason; `skipped` tests are those that this machine does not allow
 */
export function readCounts(file, exitCode, name, counted) {
  const { passed, failed, skipped = 0, failures = [] } = counted ? countsOf(file) : { passed: 0, failed: 0 };
  const hasFailed = exitCode !== 0 || failed > 0;
  return {
    ...{ name, passed, skipped },
    failed: hasFailed ? Math.max(failed, 1) : 0,
    failures: hasFailed ? [name, ...failures.map(describeFailure)] : [],
  };
}

function describeFailure({ test, reason }) {
  return `${test}\n${reason.replaceAll(/^/gm, '    ')}`;
}

/** A run of tests that left no counts did not get to its end. */
function countsOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 1 };
}
