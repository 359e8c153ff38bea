import * as kinds from './kinds';
import { optional, withDefault } from './variable';

export const startup = {
  STARTUP_PROFILE: withDefault(kinds.oneOf('production', 'development', 'test'), 'production', {
    desc: 'Set of defaults for the start, see [startup](../startup.md); the variables below win over it',
    example: 'development',
  }),
  USE_ROBUST_STARTUP: withDefault(kinds.bool, 'true', {
    desc: 'Whether components are tried again and may be missing; `false`: each starts once, in order, and the first failure ends the start',
    example: 'false',
  }),
  GRACEFUL_STARTUP_MODE: withDefault(kinds.bool, 'true', {
    desc: 'Whether the start continues without a component of priority HIGH, where ALLOW_DEGRADED_MODE permits it too',
    example: 'false',
  }),
  ALLOW_DEGRADED_MODE: withDefault(kinds.bool, 'true', {
    desc: 'Whether the process may serve without a component of priority HIGH',
    example: 'false',
  }),
  STARTUP_MAX_RETRIES: optional(kinds.countOrZero, {
    desc: 'Attempts after the first one, before a component counts as failed',
    example: '3',
  }),
  STARTUP_CIRCUIT_BREAKER_THRESHOLD: optional(kinds.count, {
    desc: "Failures in a row that open a component's circuit breaker",
    example: '3',
  }),
  STARTUP_RECOVERY_TIMEOUT: optional(kinds.durationOrSeconds, {
    desc: 'How long an open circuit breaker waits before it lets one attempt through',
    example: '300s',
  }),
  STARTUP_TIMEOUT: optional(kinds.durationOrSeconds, {
    desc: 'Longest time for the whole start',
    example: '120s',
  }),
};
