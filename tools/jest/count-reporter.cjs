// Leaves the counts of one Jest run in the file that TEST_COUNTS_FILE names, and what failed with the reason, since the
// end of a long run is all that some readers see.
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { stripVTControlCharacters } = require('node:util');

/** A diff of two values, and a line or two of the stack. */
const REASON_LINES = 25;
/** A run that is over ends in a moment. One that does not has left something open, which is a failure like any other. */
const END_TIMEOUT_MS = 60_000;
const STILL_OPEN = {
  test: 'the end of the run',
  reason: `something that a test began is still open after ${END_TIMEOUT_MS / 1_000} s`,
};

module.exports = class CountReporter {
  onRunComplete(_contexts, results) {
    // A file that does not compile runs no test of its own, yet it must count as a failure.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const counts = {
      passed: results.numPassedTests,
      failed,
      skipped: results.numPendingTests,
      failures: failuresOf(results),
    };
    write(counts);
    setTimeout(() => endWith(counts), END_TIMEOUT_MS).unref();
  }
};

function endWith({ failed, failures, ...others }) {
  console.error(`${STILL_OPEN.test}: ${STILL_OPEN.reason}`);
  write({ ...others, failed: failed + 1, failures: [...failures, STILL_OPEN] });
  process.exit(1);
}

function write(counts) {
  const { TEST_COUNTS_FILE: file } = process.env;
  if (!file) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(counts));
}

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
