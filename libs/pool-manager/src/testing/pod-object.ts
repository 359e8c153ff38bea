interface Changes {
  readonly metadata?: object;
  readonly status?: object;
}

/** The object of a ready pod as the Kubernetes API shows it, as far as it matters here. */
export function podObject(name: string, { metadata, status }: Changes = {}) {
  return {
    metadata: { name, uid: `${name}-uid`, resourceVersion: '1', ...metadata },
    spec: { nodeName: 'node-1', containers: [{ image: 'voice-agent:1' }] },
    status: {
      phase: 'Running',
      podIP: '10.0.0.1',
      conditions: [
        { type: 'PodScheduled', status: 'True' },
        { type: 'Ready', status: 'True' },
      ],
      containerStatuses: [{ restartCount: 2 }],
      ...status,
    },
  };
}
