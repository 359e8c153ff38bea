import { type AppProcess, askRedis, type TierConfig, waitFor } from '@smart-router/testbed';
import { KubernetesFleet, PATIENCE_MS } from './kubernetes-fleet';

const REPLICAS = 3;
/** A second is promised. The next refresh of a replica may fall into one of several such spans, not into all. */
const BY_HINT_MS = 5_000;
/** The config is read anew every 30 s, and the machine may be busy. */
const BY_REFRESH_MS = 60_000;

const tiers = (gold: number, standard: number): object => ({
  gold: { type: 'exclusive', target: gold },
  standard: { type: 'exclusive', target: standard },
});

describe('the tier config of several replicas', () => {
  let fleet: KubernetesFleet;

  beforeAll(async () => {
    fleet = await KubernetesFleet.start({
      replicas: REPLICAS,
      env: { TIER_CONFIG: JSON.stringify(tiers(0, REPLICAS)), TIER_CONFIG_REFRESH_INTERVAL: '30s' },
    });
  });

  afterAll(() => fleet?.stop());

  const configOf = async (api: AppProcess): Promise<TierConfig> => (await api.api.tierConfig()).body;

  /** Waits until each process of the API sees so many pods in `gold`, which only the leader can have moved. */
  const everybodySees = async (gold: number): Promise<void> => {
    for (const api of fleet.apis) {
      await waitFor(async () => (await api.api.status()).body.pools['gold']?.assigned === gold, {
        timeoutMs: PATIENCE_MS,
        description: `${gold} pods in gold`,
      });
    }
  };

  it('is seen by all of them, and followed by the leader, at once when it is written by the API of one', async () => {
    const [first, second] = fleet.apis as [AppProcess, AppProcess];
    for (const gold of [1, 3, 2]) {
      const { version } = await configOf(first);
      const body = { version, tiers: tiers(gold, REPLICAS - gold) };
      expect(await first.api.send('PUT', '/tier-config', body)).toMatchObject({ status: 200 });

      await waitFor(async () => (await second.api.status()).body.tier_config_version === version + 1, {
        timeoutMs: BY_HINT_MS,
        description: 'the other replica to have the new version',
      });
      await everybodySees(gold);
    }
  });

  it('is seen by all of them, and followed by the leader, when it is written to Redis by hand', async () => {
    const config = { tiers: tiers(1, 2), default_chain: ['gold', 'standard'] };
    await askRedis(fleet.redis.port, `SET voice:tier:config '${JSON.stringify(config)}'`);

    for (const api of fleet.apis) {
      await waitFor(
        async () => JSON.stringify((await configOf(api)).tiers).includes('"gold":{"type":"exclusive","target":1'),
        {
          timeoutMs: BY_REFRESH_MS,
          description: 'a replica to read the config that was written by hand',
        },
      );
    }
    await everybodySees(1);
  });
});
