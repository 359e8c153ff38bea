// Leaves the counts of one Jest run where nx.json declares them as an output of the task, so that a run that comes
// from the cache brings its counts with it. A run without Nx is not counted.
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

module.exports = class CountReporter {
  onRunComplete(_contexts, results) {
    const { NX_WORKSPACE_ROOT: root, NX_TASK_TARGET_PROJECT: project, NX_TASK_TARGET_TARGET: target } = process.env;
    if (!root || !project || !target) return;
    const folder = join(root, 'reports/test-counts');
    mkdirSync(folder, { recursive: true });
    // A file that does not compile runs no test of its own, yet it must count as a failure.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const counts = { passed: results.numPassedTests, failed, skipped: results.numPendingTests };
    writeFileSync(join(folder, `${project}-${target}.json`), JSON.stringify(counts));
  }
};
