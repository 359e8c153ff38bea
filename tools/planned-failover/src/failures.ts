/** Why nothing was changed: writes are allowed, and the master is who it was. */
export class Refusal extends Error {}

/** The promotion was ordered, and what became of it is not what it should be, or not known. */
export class Incomplete extends Error {}

/** The command line cannot be used. */
export class UsageError extends Error {}
