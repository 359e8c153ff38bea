// Leaves the counts of one Jest run where nx.json declares them as an output of the task, so that a run that comes
// from the cache brings its counts with it, and what failed with the reason, since the end of a long run is all that
// some readers see. A run without Nx is not counted.
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { stripVTControlCharacters } = require('node:util');

/** A diff of two values, and a line or two of the stack. */
const REASON_LINES = 25;

module.exports = class CountReporter {
  onRunComplete(_contexts, results) {
    const { NX_WORKSPACE_ROOT: root, NX_TASK_TARGET_PROJECT: project, NX_TASK_TARGET_TARGET: target } = process.env;
    if (!root || !project || !target) return;
    const folder = join(root, 'reports/test-counts');
    mkdirSync(folder, { recursive: true });
    // A file that does not compile runs no test of its own, yet it must count as a failure.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const counts = {
      passed: results.numPassedTests,
      failed,
      skipped: results.numPendingTests,
      failures: failuresOf(results),
    };
    writeFileSync(join(folder, `${project}-${target}.json`), JSON.stringify(counts));
  }
};

function failuresOf({ testResults }) {
  return testResults.flatMap(({ testFilePath, testExecError, failureMessage, testResults: tests }) => {
    if (testExecError) return [{ test: testFilePath, reason: reasonOf(failureMessage) }];
    const failed = tests.filter(({ status }) => status === 'failed');
    return failed.map(({ fullName, failureMessages }) => ({ test: fullName, reason: reasonOf(failureMessages[0]) }));
  });
}

function reasonOf(message) {
  return stripVTControlCharacters(message ?? '')
    .split('\n')
    .filter((line) => !/^ *at .*node_modules/.test(line))
    .slice(0, REASON_LINES)
    .join('\n');
}
