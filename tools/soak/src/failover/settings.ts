type Env = Readonly<Record<string, string>>;

const NO_REASSERTION = { REDIS_REASSERT_WINDOW: '0s' };

/** What the product can do about a store that loses data, switched on and off. */
export const SETTINGS = {
  neither: NO_REASSERTION,
  're-assertion': {},
  'WAIT 1': { ...NO_REASSERTION, REDIS_WAIT_REPLICAS: '1' },
  'WAIT all': { ...NO_REASSERTION, REDIS_WAIT_REPLICAS: 'all' },
  'both, WAIT 1': { REDIS_WAIT_REPLICAS: '1' },
  'both, WAIT all': { REDIS_WAIT_REPLICAS: 'all' },
} as const satisfies Readonly<Record<string, Env>>;

export type SettingName = keyof typeof SETTINGS;
