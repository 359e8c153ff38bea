import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../render-chart.mjs';
import type { KubernetesObject } from './kubernetes-object';

const PACKAGES: Readonly<Record<string, string>> = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
};

const OPTIONS = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  types: [],
};

/**
 * Gives the objects to the compiler, each as a constant of the type of its kind: unknown, missing and mistyped fields are
 * errors. The models' own `validate()` lets unknown fields pass.
 *
 * @returns the compiler's errors, none where all is right
 */
export function typeProblems(objects: readonly KubernetesObject[]): string[] {
  const parent = join(ROOT, 'node_modules/.cache/smart-router');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'chart-types-'));
  try {
    const distinct = [...new Map(objects.map((object) => [JSON.stringify(object), object])).values()];
    writeFileSync(join(folder, 'objects.ts'), sourceOf(distinct));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: OPTIONS, files: ['objects.ts'] }));
    const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'], {
      encoding: 'utf8',
    });
    return stdout.split('\n').filter((line) => line !== '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sourceOf(objects: readonly KubernetesObject[]): string {
  const lines = objects.map(
    (object, index) => `export const o${index}: ${typeOf(object)} = ${JSON.stringify(object)};`,
  );
  return lines.join('\n');
}

function typeOf({ apiVersion, kind }: KubernetesObject): string {
  const [group = ''] = apiVersion.includes('/') ? apiVersion.split('/') : [];
  return `import('${PACKAGES[group] ?? 'kubernetes-models'}/${apiVersion}/${kind}').I${kind}`;
}
