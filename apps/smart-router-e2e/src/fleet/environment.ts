import { PATIENT_LIMITS } from '@smart-router/testbed';

/** Five pods: one gold, one standard, and the rest in the shared tier, which is the last of the chain. */
export const POD_NAMES = ['voice-agent-0', 'voice-agent-1', 'voice-agent-2', 'voice-agent-3', 'voice-agent-4'];

export const BASIC_MAX_CONCURRENT = 3;

export const TIERS = {
  gold: { type: 'exclusive', target: 1 },
  standard: { type: 'exclusive', target: 1 },
  basic: { type: 'shared', target: 1, max_concurrent: BASIC_MAX_CONCURRENT },
} as const;

export const VOICE_AGENT_BASE_URL = 'wss://agents.example.com';

/** What every app of a fleet is started with unless a test says otherwise. */
export const FLEET_ENV: Readonly<Record<string, string>> = {
  ...PATIENT_LIMITS,
  TIER_CONFIG: JSON.stringify(TIERS),
  STATIC_PODS: POD_NAMES.join(','),
  VOICE_AGENT_BASE_URL,
  HTTP_HOST: '127.0.0.1',
  SHUTDOWN_DELAY: '0s',
};
