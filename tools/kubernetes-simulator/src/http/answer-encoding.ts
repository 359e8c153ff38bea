import type { IncomingMessage } from 'node:http';
import type { ObjectList } from '../api/list-request';
import type { WatchEvent } from '../api/watch-request';
import { isFields, type KubernetesObject } from '../objects/kubernetes-object';
import { hasTable, toTable } from './table';
import type { RecordedRequest } from './request-log';

/** How answers are written: as they are, or as a table for people, where the client asks for that. */
export interface AnswerEncoding {
  body(answer: object): object;
  event(event: WatchEvent): object;
}

const PLAIN: AnswerEncoding = { body: (answer) => answer, event: (event) => event };

const TABLE: AnswerEncoding = {
  body: (answer) => {
    if ('items' in answer) return listTable(answer as ObjectList);
    return isStored(answer) ? toTable([answer], { resourceVersion: answer.metadata.resourceVersion }) : answer;
  },
  event: ({ type, object }) => ({ type, object: isStored(object) && type !== 'BOOKMARK' ? toTable([object]) : object }),
};

function listTable({ kind, apiVersion, items, metadata }: ObjectList): object {
  const header = { kind: kind.replace(/List$/, ''), apiVersion };
  return toTable(
    items.map((item) => ({ ...header, ...item })),
    metadata,
  );
}

export function encoderFor(request: IncomingMessage, { resource }: RecordedRequest): AnswerEncoding {
  const wantsTable = (request.headers.accept ?? '').split(',').some((type) => /json;.*as=Table;.*v=v1\b/.test(type));
  return wantsTable && resource !== null && hasTable(resource.plural) ? TABLE : PLAIN;
}

function isStored(value: unknown): value is KubernetesObject {
  return isFields(value) && isFields(value['metadata']) && typeof value['metadata']['uid'] === 'string';
}
