import { spawnSync } from 'node:child_process';
import { CHART, ensureHelm } from '../../render-chart.mjs';
import { LEAST, merge, scenarios, type Values } from '../rendering/render';

/** What Helm prints after an installation. Only Helm 4 does so without a cluster. */
function notesOf(values: Values): string {
  const args = ['install', 'smart-router', CHART, '--dry-run=client', '--namespace', 'voice-system', '--values', '-'];
  const { status, stdout, stderr } = spawnSync(ensureHelm(4), args, {
    input: JSON.stringify(values),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.split('\nNOTES:\n')[1] ?? '';
}

describe('10: the notes', () => {
  it('warn of what a trial leaves open', () => {
    const notes = notesOf(Object.fromEntries(scenarios())['trial'] ?? {});
    expect(notes).toContain('kubectl rollout status deployment/smart-router -n voice-system');
    expect(notes).toContain('tierConfig is for the first start alone');
    expect(notes.match(/^WARNING: .*$/gm)).toEqual([
      expect.stringContaining('config.ALLOW_OPEN_API'),
      expect.stringContaining('no provider has a secret'),
      expect.stringContaining('redis.enabled is for trials'),
    ]);
  });

  it('warn of secrets in the values, which the history of the release keeps', () => {
    expect(notesOf(merge(LEAST, { secrets: { plivoAuthToken: { value: 'x' } } }))).toContain(
      'secrets are given by value',
    );
    expect(notesOf(merge(LEAST, { secrets: { plivoAuthToken: { existingSecret: 'x' } } }))).not.toContain('WARNING');
  });

  it('say which objects were left out, since the cluster does not know their kinds', () => {
    const wanted = { alerts: { enabled: true }, httpRoute: { enabled: true, parentRefs: [{ name: 'public' }] } };
    const notes = notesOf(merge(LEAST, wanted));
    expect(notes).toContain('does not know monitoring.coreos.com/v1');
    expect(notes).toContain('does not know gateway.networking.k8s.io/v1');
  });
});
