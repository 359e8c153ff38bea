import { type KubernetesObject, podTemplates } from './kubernetes-object';
import { typeProblems } from './kubernetes-types';
import { objectProblems } from './object-rules';
import { restrictedProblems } from './pod-security';
import { referenceProblems } from './reference-rules';
import { objectsOf, renderText, scenarios } from './render';

const rendered: KubernetesObject[] = [];

describe.each(scenarios())('the scenario %s', (_name, values) => {
  it('is rendered alike by Helm 3 and Helm 4, twice in a row, and keeps all rules', () => {
    const yaml = renderText(values);
    const objects = objectsOf(yaml);
    rendered.push(...objects);

    expect(renderText(values, { major: 3 })).toBe(yaml);
    expect(renderText(values)).toBe(yaml);
    expect(objectProblems(objects)).toEqual([]);
    expect(referenceProblems(objects)).toEqual([]);
    expect(podTemplates(objects).flatMap(restrictedProblems)).toEqual([]);
  });
});

it('has only fields that Kubernetes knows, of the right type, where one that it does not know would be found', () => {
  const [deployment] = rendered.filter(({ kind }) => kind === 'Deployment');
  const wrong = { ...deployment, spec: { ...deployment?.spec, replicsa: 3 } } as KubernetesObject;

  expect(rendered.length).toBeGreaterThan(50);
  expect(typeProblems([...rendered, wrong])).toEqual([expect.stringContaining('replicsa')]);
});
