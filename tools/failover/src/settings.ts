type Env = Readonly<Record<string, string>>;

/** What the product can do about a store that loses data, switched on and off. */
export const SETTINGS = {
  neither: { REDIS_REASSERT_WINDOW: '0s' },
  're-assertion': {},
  WAIT: { REDIS_REASSERT_WINDOW: '0s', REDIS_WAIT_REPLICAS: '1' },
  both: { REDIS_WAIT_REPLICAS: '1' },
} as const satisfies Readonly<Record<string, Env>>;

export type SettingName = keyof typeof SETTINGS;
