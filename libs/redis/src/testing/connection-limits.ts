/** For tests that are not about limits: a machine that stands still for a moment is no Redis that does not answer. */
export const PATIENT_LIMITS = { startTimeoutMs: 20_000, connectTimeoutMs: 10_000, commandTimeoutMs: 10_000 };

/** The product's own instead, for a connection that has to notice that its Redis is gone or hangs. */
export const SHORT_LIMITS = { connectTimeoutMs: 1_000, commandTimeoutMs: 800 };
