import type { IncomingMessage, ServerResponse } from 'node:http';

export const SCALE_PATH = '/simulator/scale';

/** What can be scaled. */
export interface Scalable {
  scale(replicas: number): Promise<void>;
}

/** `POST /simulator/scale?replicas=8`: 200 when the pods are there, 400 for a bad number, 404 where nothing scales. */
export async function answerScale(
  scalable: Scalable | null,
  { url = '' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const replicas = new URL(url, 'http://kubernetes').searchParams.get('replicas') ?? '';
  if (scalable === null) return write(response, 404, { error: 'there is no StatefulSet; the command line starts one' });
  if (!/^\d{1,5}$/.test(replicas)) return write(response, 400, { error: 'replicas must be a whole number' });
  await scalable.scale(Number(replicas));
  write(response, 200, { replicas: Number(replicas) });
}

function write(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
