/** The bodies of the API as a client meets them, written down from the outside. */

export interface AllocateRequest {
  readonly call_sid: string;
  readonly merchant_id?: string;
  readonly provider?: string;
  readonly flow?: string;
  readonly template?: string;
}

export interface Allocation {
  readonly success: boolean;
  readonly pod_name: string;
  readonly ws_url: string;
  readonly source_pool: string;
  readonly was_existing: boolean;
  /** Unix time in seconds. */
  readonly allocated_at: number;
}

export interface Release {
  readonly success: boolean;
  readonly pod_name: string;
  readonly released_to_pool: string;
  readonly was_draining: boolean;
}

export interface Drain {
  readonly success: boolean;
  readonly pod_name: string;
  readonly has_active_call: boolean;
  readonly message: string;
}

export interface PoolStatus {
  readonly type: 'exclusive' | 'shared';
  readonly assigned: number;
  readonly available: number;
  readonly active_calls: number;
  readonly capacity: number;
  readonly target: number;
  readonly draining: number;
  readonly max_concurrent?: number;
}

export interface Status {
  readonly status: 'up' | 'down';
  readonly pools: Readonly<Record<string, PoolStatus>>;
  readonly active_calls: number;
  readonly is_leader: boolean;
  readonly leader: { readonly identity: string; readonly epoch: number; readonly since: string } | null;
  readonly tier_config_version: number;
  readonly store: { readonly kind: string; readonly latency_ms: number | null };
}

export interface Pod {
  readonly pod_name: string;
  readonly tier: string;
  readonly is_draining: boolean;
  readonly has_active_lease: boolean;
  readonly lease_call_sid: string | null;
  readonly status: string;
  readonly calls: readonly string[];
  readonly incarnation: string;
  readonly ready: boolean;
}

export interface PodList {
  readonly pods: readonly Pod[];
  readonly next_cursor: string | null;
}

export interface Call {
  readonly call_sid: string;
  readonly pod_name: string;
  readonly source_pool: string;
  readonly merchant_id: string;
  readonly provider: string | null;
  readonly allocated_at: number;
  readonly expires_at: string;
}

/** Of a call that is over some fields are missing. */
export interface CallDetail extends Call {
  readonly status: 'active' | 'ended' | 'refused';
  /** Why it was refused, or how it ended. */
  readonly reason?: string;
  readonly chain: readonly { readonly pool: string; readonly outcome: string }[];
}

export interface CallList {
  readonly calls: readonly Call[];
  readonly next_cursor: string | null;
}

export interface MerchantConfig {
  readonly tier?: string;
  readonly pool?: string;
  readonly fallback?: readonly string[];
}

export interface Merchant {
  readonly merchant_id: string;
  readonly config: MerchantConfig | null;
  readonly effective_chain: readonly string[];
}

export interface TierPolicy {
  readonly type: 'exclusive' | 'shared';
  readonly target: number;
  readonly max_concurrent?: number;
}

export interface TierConfig {
  readonly version: number;
  readonly updated_at: string | null;
  readonly tiers: Readonly<Record<string, TierPolicy>>;
  readonly dedicated_pools?: Readonly<Record<string, TierPolicy>>;
  readonly default_chain: readonly string[];
  readonly default_tier: string;
}

/** What is sent to change the tier config. */
export type TierConfigChange = Partial<Omit<TierConfig, 'updated_at'>>;

export interface DryRun {
  readonly valid: boolean;
  readonly current_version: number;
  readonly moves: readonly { readonly pool: string; readonly surplus: number; readonly deficit: number }[];
  readonly type_changes: readonly { readonly pool: string; readonly active_calls: number }[];
  readonly removed_pools: readonly { readonly pool: string; readonly assigned: number }[];
}

/** A component as `GET /health/startup` shows it. */
export interface SeenComponent {
  readonly status: string;
  readonly error?: string;
  readonly retries: number;
  readonly since: string;
}

export interface StartupReport {
  readonly components: Readonly<Record<string, SeenComponent>>;
}

/** Facts by the name of what the process depends on; `error` holds what is down. */
export interface HealthDetails {
  readonly details: {
    readonly leadership: Readonly<Record<string, unknown>>;
    readonly kubernetes: { readonly failing: readonly object[] };
  };
}

/** Every error of the API has exactly these fields. */
export interface ErrorBody {
  readonly error: string;
  readonly code: string;
  readonly request_id: string;
}
