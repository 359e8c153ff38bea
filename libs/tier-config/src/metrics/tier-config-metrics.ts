import { counter, gauge } from '@smart-router/metrics';
import type { ConfigRejection, DivergenceKind, TierConfigObserver } from '../domain/observer';

const REASONS: readonly ConfigRejection[] = ['invalid', 'missing', 'unavailable'];

const KINDS: readonly DivergenceKind[] = ['not_followed', 'partly_ignored', 'environment'];

/** The metrics of this library, in the one registry of the process. */
export function tierConfigMetrics(): TierConfigObserver {
  const version = gauge({
    name: 'smart_router_config_version',
    help: 'Version of the tier config in force in this process; 0 for one that was written by hand or not stored yet',
  });
  const malformed = counter({
    name: 'smart_router_merchant_config_malformed_total',
    help: 'Calls routed by the default chain because the config of their merchant cannot be read',
  });
  const unknownTiers = counter({
    name: 'smart_router_unknown_tiers_skipped_total',
    help: 'Tiers named by merchant configs that do not exist, each once per tier config',
  });
  const rejected = counter({
    name: 'smart_router_config_rejected_total',
    help: 'Looks at the stored tier config that kept the last good one in force',
    labelNames: ['reason'],
  });
  const divergence = gauge({
    name: 'smart_router_config_divergence',
    help: '1 while this process serves another tier config than is stored, ignores parts of it, or the stored one differs from TIER_CONFIG',
    labelNames: ['kind'],
  });
  for (const kind of KINDS) divergence.set({ kind }, 0);
  // The series exist from the start, so that the first rejection is an increase.
  for (const reason of REASONS) rejected.inc({ reason }, 0);
  return {
    configAdopted: (adopted) => version.set(adopted),
    configRejected: (reason) => rejected.inc({ reason }),
    configDiverges: (kind, diverges) => divergence.set({ kind }, diverges ? 1 : 0),
    merchantConfigMalformed: () => malformed.inc(),
    unknownTierSkipped: () => unknownTiers.inc(),
  };
}
