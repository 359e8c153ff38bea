import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { askRedis } from '@smart-router/testbed';
import type { ClusterSetup } from './redis-setup';

const MOVES = 8;
/**
 * What is written during a move may make a key on the node that the slot is moved to: without "replace" the move ends
 * there. Key by key, so that calls meet a slot that is moved in part.
 */
const OPTIONS = ['--cluster-yes', '--cluster-replace', '--cluster-pipeline', '1'];

/** Moves the slot of all keys between two nodes, there and back. The lowest slots of a node are moved first. */
export async function moveSlots({ cluster: { nodes }, slot }: ClusterSetup): Promise<void> {
  const ports = nodes.slice(0, 2).map(({ port }) => port);
  const ids = await Promise.all(ports.map((port) => askRedis(port, 'CLUSTER MYID')));
  for (let move = 0; move < MOVES; move++) {
    const [from = '', to = ''] = move % 2 === 0 ? ids : [...ids].reverse();
    const order = ['--cluster-from', from, '--cluster-to', to, '--cluster-slots', `${slot + 1}`];
    await promisify(execFile)('redis-cli', ['--cluster', 'reshard', `127.0.0.1:${ports[0]}`, ...order, ...OPTIONS]);
  }
}
