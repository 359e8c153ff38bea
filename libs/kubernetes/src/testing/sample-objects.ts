/** An object as the API shows it, with one value of its own. */
export function sampleObject(name: string, resourceVersion: number | string, uid = `${name}-1`, color = 'red') {
  return { metadata: { name, uid, resourceVersion: String(resourceVersion) }, color };
}

export type Sample = ReturnType<typeof sampleObject>;

export function sampleList(resourceVersion: number | string, objects: readonly Sample[], continueAt?: string) {
  return { metadata: { resourceVersion: String(resourceVersion), continue: continueAt ?? '' }, items: objects };
}

/** `pod-1 red` */
export function readSample(object: unknown): string {
  const { color, metadata } = object as Sample;
  if (typeof color !== 'string') throw new TypeError('no color');
  return `${metadata.name} ${color}`;
}
