import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { CHART } from '../../render-chart.mjs';
import { find, podOf } from '../rendering/kubernetes-object';
import { LEAST, refusalOf, render, renderWith, type Values } from '../rendering/render';
import { removedValues } from '../values/chart-files';

// What people complain about most in the charts of others, first part: how values are taken.
const BOTH = [3, 4] as const;

describe('1, 2: below a parent chart', () => {
  let parent: string;
  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), 'smart-router-parent-'));
    mkdirSync(join(parent, 'charts'));
    cpSync(CHART, join(parent, 'charts/smart-router'), { recursive: true });
    const dependencies = [{ name: 'smart-router', version: '*', condition: 'smart-router.enabled' }];
    writeFileSync(
      join(parent, 'Chart.yaml'),
      stringify({ apiVersion: 'v2', name: 'voice', version: '1.0.0', dependencies }),
    );
  });
  afterAll(() => rmSync(parent, { recursive: true, force: true }));

  const below = (values: object, major: 3 | 4) =>
    render(
      { global: { region: 'eu' }, 'smart-router': { ...LEAST, ...values } },
      { chart: parent, release: 'voice', major },
    );

  it.each(BOTH)('takes global values and the condition of the parent with Helm %i', (major) => {
    expect(find(below({ enabled: true }, major), 'Deployment voice-smart-router')).toBeDefined();
    expect(below({ enabled: false }, major)).toEqual([]);
  });
});

// Helm 3 and Helm 4 word it differently: what counts is that the key is named.
describe.each(BOTH)('3: a typo is refused by Helm %i', (major) => {
  it.each([
    ['replicsa', { api: { replicsa: 3 } }],
    ['networkPolicies', { networkPolicies: {} }],
    ['REDIS_ULR', { config: { REDIS_ULR: 'redis://x' } }],
    ['mode', { mode: 'both' }],
    ['digest', { image: { digest: 'latest' } }],
    ['replicas', { worker: { replicas: 'two' } }],
  ])('%s', (key, values) => {
    expect(refusalOf(values, { major })).toContain(key);
  });

  it('4: and so is a key that null has removed, before a template reads it', () => {
    expect(refusalOf({ api: { autoscaling: null } }, { major })).toMatch(/autoscaling/);
    expect(refusalOf({ router: { resolver: null } }, { major })).toMatch(/resolver/);
  });
});

describe('5, 6: with an autoscaler', () => {
  const objects = () => renderWith({ api: { autoscaling: { enabled: true, minReplicas: 4 } } });

  it('the Deployment has no number of pods, which would fight with it', () => {
    expect(find(objects(), 'Deployment smart-router').spec).not.toHaveProperty('replicas');
    expect(find(objects(), 'HorizontalPodAutoscaler smart-router').spec).toMatchObject({
      minReplicas: 4,
      maxReplicas: 10,
    });
  });

  it('the page on upgrades says what turning it on does, and what to do', () => {
    expect(upgrading()).toMatch(/## Turn on the autoscaler[\s\S]*kubectl scale/);
  });
});

it('7: the page on upgrades says what to do about conflicts of Helm 4', () => {
  expect(upgrading()).toMatch(/--force-conflicts[\s\S]*made[\s\S]*refuses/);
});

describe('11: GitOps', () => {
  it('finds nothing in the templates that differs at each render', () => {
    expect(allTemplates()).not.toMatch(
      /\b(rand(AlphaNum|Alpha|Ascii|Numeric|Bytes|Int)|lookup|now|genCA|genSelfSigned|uuidv4|htpasswd)\b/,
    );
  });
});

describe('12, 13: a restart', () => {
  const checksums = (values: Values) => podOf(renderWith(values), 'Deployment smart-router').annotations;
  const base = checksums({});

  it('follows a change of a setting or a secret', () => {
    expect(checksums({ config: { LOG_LEVEL: 'debug' } })).not.toEqual(base);
    expect(checksums({ secrets: { plivoAuthToken: { value: 'x' } } })).not.toEqual(base);
  });

  it('does not follow a change of the tiers, which only the first start reads, or of the version of the chart', () => {
    expect(checksums({ tierConfig: { gold: 1 } })).toEqual(base);
    const labels = podOf(renderWith({}), 'Deployment smart-router').labels;
    expect(Object.keys(labels)).not.toEqual(expect.arrayContaining(['helm.sh/chart']));
  });
});

it('25: values that are gone are refused, each with the name of what to set', () => {
  const removed = Object.entries(removedValues());
  const text = refusalOf(Object.fromEntries(removed.map(([name]) => [name, {}])));
  expect(removed.length).toBeGreaterThan(5);
  expect(
    removed.filter(([name, instead]) => !text.includes(`${name} is no value of this chart: set ${instead}.`)),
  ).toEqual([]);
});

describe('values that contradict each other', () => {
  it.each([
    ['set secrets.apiKeys.existingSecret', { secrets: { apiKeys: { existingSecret: '' } } }],
    ['set config.VOICE_AGENT_BASE_URL', { config: { VOICE_AGENT_BASE_URL: undefined } }],
    ['set secrets.redisUrl.existingSecret', { secrets: { redisUrl: { existingSecret: '' } } }],
    ['redis.enabled and secrets.redisUrl name two stores', { redis: { enabled: true } }],
    ['both existingSecret and value', { secrets: { apiKeys: { value: 'x' } } }],
    ['set secrets.redisUrl', { config: { REDIS_URL: 'redis://x' } }],
    ['set config.LEADER_ELECTION to redis', { config: { LEADER_ELECTION: 'none' } }],
    ['or worker.replicas to 1', { mode: 'separate', config: { LEADER_ELECTION_ENABLED: false } }],
    ['set config.STATIC_PODS', { config: { POD_SOURCE: 'static', LEADER_ELECTION: 'redis' } }],
    ['set agents.namespace', { config: { NAMESPACE: 'x' } }],
    ['set agents.podSelector', { config: { POD_LABEL_SELECTOR: 'a=b' } }],
    ['set tierConfig', { config: { TIER_CONFIG: '{}' } }],
    ['raise maxReplicas', { api: { autoscaling: { enabled: true, minReplicas: 20 } } }],
    ['longer than config.HTTP_SHUTDOWN_TIMEOUT', { config: { HTTP_SHUTDOWN_TIMEOUT: '2m' } }],
    ['blocks every drain', { router: { podDisruptionBudget: { maxUnavailable: 0 } } }],
    ['set agents.image.repository', { agents: { enabled: true } }],
    ['take agents.namespace away', { agents: { enabled: true, image: { repository: 'x' }, namespace: 'other' } }],
    ['set ingress.hosts', { ingress: { enabled: true } }],
    ['set httpRoute.parentRefs', { httpRoute: { enabled: true } }],
  ])('are refused with a sentence that says: %s', (sentence, values) => {
    expect(refusalOf(values)).toContain(sentence);
  });

  it('are listed all at once', () => {
    const text = refusalOf({
      config: { VOICE_AGENT_BASE_URL: undefined, LEADER_ELECTION: 'none' },
      ingress: { enabled: true },
    });
    expect(text.match(/^ {2}- /gm)).toHaveLength(3);
  });
});

const upgrading = () => readFileSync(join(CHART, 'UPGRADING.md'), 'utf8');

function allTemplates(): string {
  const folder = join(CHART, 'templates');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(tpl|yaml|txt)$/.test(file),
  );
  return files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
}
