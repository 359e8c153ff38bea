// Ends Jest as soon as nothing is left to run, without the clean-up that Node does then: with Node 24 it sometimes
// waits for ever for requests that have ended (`CleanupHandles` spins). What a test leaves open still keeps the run.
module.exports = function exitWhenIdle() {
  process.once('beforeExit', () => process.exit());
};
