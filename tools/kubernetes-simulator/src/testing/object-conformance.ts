import { MERGE_PATCH } from '../objects/merge-patch';
import { type ConformanceContext, podBody } from './conformance-context';

export function describeObjects(here: () => ConformanceContext): void {
  describe('objects', () => {
    it('gives a new pod an identity and the defaults of its spec', async () => {
      const { client, pods, namespace } = here();

      const { status, body } = await client.send('POST', pods, { body: podBody('a') });

      expect(status).toBe(201);
      expect(body.metadata).toMatchObject({
        name: 'a',
        namespace: namespace.name,
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        resourceVersion: expect.stringMatching(/^\d+$/),
        creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      });
      expect(body.metadata.generation).toBeUndefined();
      expect(body.spec).toMatchObject({ terminationGracePeriodSeconds: 30, restartPolicy: 'Always', priority: 0 });
      expect(body.status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
    });

    it('answers 404 when an object does not exist', async () => {
      const { client, pods, leases } = here();

      expect((await client.get(`${pods}/nobody`)).body).toMatchObject({
        status: 'Failure',
        message: 'pods "nobody" not found',
        reason: 'NotFound',
        details: { name: 'nobody', kind: 'pods' },
        code: 404,
      });
      expect((await client.get(`${leases}/nobody`)).body).toMatchObject({
        message: 'leases.coordination.k8s.io "nobody" not found',
        details: { name: 'nobody', group: 'coordination.k8s.io', kind: 'leases' },
      });
    });

    it('answers 404 when the resource does not exist', async () => {
      const { client, namespace } = here();

      const { status, body } = await client.get(`/api/v1/namespaces/${namespace.name}/cars`);

      expect(status).toBe(404);
      expect(body.message).toBe('the server could not find the requested resource');
    });

    it('answers 409 AlreadyExists when the name is taken', async () => {
      const { client, pods } = here();
      await client.send('POST', pods, { body: podBody('a') });

      const { status, body } = await client.send('POST', pods, { body: podBody('a') });

      expect(status).toBe(409);
      expect(body).toMatchObject({ reason: 'AlreadyExists', message: 'pods "a" already exists' });
    });

    it.each([
      ['no container', { metadata: { name: 'a' }, spec: {} }, 'Pod "a" is invalid: spec.containers: Required value'],
      ['a bad label', podBody('a', { 'a b': 'c' }), 'Pod "a" is invalid: metadata.labels: Invalid value: "a b"'],
      ['a bad name', podBody('Bad_Name'), 'Pod "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name"'],
    ])('answers 422 when a pod has %s', async (_why, body, message) => {
      const { client, pods } = here();

      const answer = await client.send('POST', pods, { body });

      expect(answer.status).toBe(422);
      expect(answer.body.reason).toBe('Invalid');
      expect(answer.body.message).toContain(message);
    });

    it('answers 404 when the namespace of a new object does not exist', async () => {
      const { client } = here();

      const { status, body } = await client.send('POST', '/api/v1/namespaces/nowhere/pods', { body: podBody('a') });

      expect(status).toBe(404);
      expect(body.message).toBe('namespaces "nowhere" not found');
    });

    it('leaves the revision when a write changes nothing', async () => {
      const { client, pods } = here();
      const { body: before } = await client.send('POST', pods, { body: podBody('a') });

      const { status, body } = await client.send('PUT', `${pods}/a`, { body: before });

      expect(status).toBe(200);
      expect(body.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
    });

    it('answers 409 Conflict when the revision is not the newest', async () => {
      const { client, pods } = here();
      const { body: old } = await client.send('POST', pods, { body: podBody('a') });
      await client.send('PATCH', `${pods}/a`, { contentType: MERGE_PATCH, body: { metadata: { labels: { b: 'c' } } } });

      const { status, body } = await client.send('PUT', `${pods}/a`, { body: old });

      expect(status).toBe(409);
      expect(body.reason).toBe('Conflict');
      expect(body.message).toBe(
        'Operation cannot be fulfilled on pods "a": the object has been modified; please apply your changes to the ' +
          'latest version and try again',
      );
    });

    it('answers 409 when the uid is of an earlier incarnation', async () => {
      const { client, pods } = here();
      const { body: pod } = await client.send('POST', pods, { body: podBody('a') });

      const body = { ...pod, metadata: { ...pod.metadata, uid: 'other' } };
      const answer = await client.send('PUT', `${pods}/a`, { body });

      expect(answer.status).toBe(409);
      expect(answer.body.message).toContain('Precondition failed: UID in precondition: other');
    });

    it('answers 422 when the spec of a pod is changed', async () => {
      const { client, pods } = here();
      const { body: pod } = await client.send('POST', pods, { body: podBody('a') });

      const answer = await client.send('PUT', `${pods}/a`, {
        body: { ...pod, spec: { ...pod.spec, nodeName: 'node-2' } },
      });

      expect(answer.status).toBe(422);
      expect(answer.body.message).toContain('pod updates may not change fields other than');
    });

    it('ignores the status on the object, and the spec on the status', async () => {
      const { client, pods } = here();
      const { body: pod } = await client.send('POST', pods, { body: podBody('a') });

      const onObject = await client.send('PUT', `${pods}/a`, { body: { ...pod, status: { phase: 'Running' } } });
      const { metadata, spec } = onObject.body;
      const body = { metadata, spec: { ...spec, nodeName: 'node-2' }, status: { phase: 'Running' } };
      const onStatus = await client.send('PUT', `${pods}/a/status`, { body });

      expect(onObject.body.status.phase).toBe('Pending');
      expect(onStatus.body).toMatchObject({ spec: { nodeName: 'node-1' }, status: { phase: 'Running' } });
    });

    it('replaces the conditions in a merge patch, and fills in their times', async () => {
      const { client, pods } = here();
      await client.send('POST', pods, { body: podBody('a') });
      const condition = (type: string): object => ({ status: { conditions: [{ type, status: 'True' }] } });
      const options = { contentType: MERGE_PATCH };

      await client.send('PATCH', `${pods}/a/status`, { ...options, body: condition('Ready') });
      const { body } = await client.send('PATCH', `${pods}/a/status`, { ...options, body: condition('Initialized') });

      expect(body.status.conditions).toEqual([
        { type: 'Initialized', status: 'True', lastProbeTime: null, lastTransitionTime: null },
      ]);
    });

    it('answers 409 when a patch names a revision that is not the newest', async () => {
      const { client, pods } = here();
      await client.send('POST', pods, { body: podBody('a') });

      const body = { metadata: { resourceVersion: '1', annotations: { cost: '1' } } };
      const answer = await client.send('PATCH', `${pods}/a`, { contentType: MERGE_PATCH, body });

      expect(answer.status).toBe(409);
    });

    it('answers 422 when a patch names the uid of another pod', async () => {
      const { client, pods } = here();
      await client.send('POST', pods, { body: podBody('a') });

      const body = { metadata: { uid: 'other', annotations: { cost: '1' } } };
      const answer = await client.send('PATCH', `${pods}/a`, { contentType: MERGE_PATCH, body });

      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ reason: 'Invalid', details: { name: 'a', kind: 'Pod' } });
      expect(answer.body.message).toContain('metadata.uid: Invalid value: "other": field is immutable');
      expect((await client.get(`${pods}/a`)).body.metadata.annotations).toBeUndefined();
    });

    it('answers 200 to a patch with the uid of the pod itself', async () => {
      const { client, pods } = here();
      const { body: pod } = await client.send('POST', pods, { body: podBody('a') });

      const body = { metadata: { uid: pod.metadata.uid, annotations: { cost: '1' } } };
      const answer = await client.send('PATCH', `${pods}/a`, { contentType: MERGE_PATCH, body });

      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ kind: 'Pod', apiVersion: 'v1', metadata: { annotations: { cost: '1' } } });
    });

    it('answers 415 when the type of a patch is not known', async () => {
      const { client, pods } = here();
      await client.send('POST', pods, { body: podBody('a') });

      const answer = await client.send('PATCH', `${pods}/a`, { contentType: 'application/json', body: {} });

      expect(answer.status).toBe(415);
      expect(answer.body.reason).toBe('UnsupportedMediaType');
    });
  });
}
