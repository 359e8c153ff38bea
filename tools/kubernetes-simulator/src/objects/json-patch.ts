import { isFields, isSameJson } from './kubernetes-object';
import { StatusError } from './status-error';

type Container = Record<string, unknown> | unknown[];

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** RFC 6902. @throws StatusError 422 where an operation does not fit or a test fails */
export function applyJsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw unfit();
  const document = { root: structuredClone(target) };
  for (const operation of patch) applyOperation(document, asOperation(operation));
  return document.root;
}

function asOperation(value: unknown): Operation {
  if (!isFields(value) || typeof value['op'] !== 'string' || typeof value['path'] !== 'string') {
    throw unfit();
  }
  const { op, path, from } = value;
  return { op, path, from: typeof from === 'string' ? from : undefined, value: value['value'] };
}

function applyOperation(document: { root: unknown }, { op, path, from, value }: Operation): void {
  switch (op) {
    case 'add':
      return add(document, path, value);
    case 'remove':
      return void remove(document, path);
    case 'replace':
      remove(document, path);
      return add(document, path, value);
    case 'move':
      return add(document, path, remove(document, from ?? ''));
    case 'copy':
      return add(document, path, structuredClone(read(document, from ?? '')));
    case 'test':
      if (!isSameJson(read(document, path), value)) throw unfit();
      return;
    default:
      throw unfit();
  }
}

function segments(path: string): string[] {
  // The root is part of the document, so that a path may name the whole of it.
  return ['root', ...path.split('/').slice(1)].map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function parentOf(document: object, path: string): { readonly parent: Container; readonly last: string } {
  const names = segments(path);
  const last = names.pop() ?? '';
  const parent = names.reduce<unknown>((at, name) => childOf(at, name), document);
  if (typeof parent !== 'object' || parent === null) throw unfit();
  return { parent: parent as Container, last };
}

function childOf(container: unknown, name: string): unknown {
  if (typeof container !== 'object' || container === null || !Object.hasOwn(container, name)) throw unfit();
  return (container as Record<string, unknown>)[name];
}

function read(document: object, path: string): unknown {
  const { parent, last } = parentOf(document, path);
  return childOf(parent, last);
}

function add(document: object, path: string, value: unknown): void {
  const { parent, last } = parentOf(document, path);
  if (!Array.isArray(parent)) parent[last] = value;
  else parent.splice(last === '-' ? parent.length : Number(last), 0, value);
}

function remove(document: object, path: string): unknown {
  const { parent, last } = parentOf(document, path);
  const value = childOf(parent, last);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return value;
}

/** The server does not say which operation it was. */
function unfit(): StatusError {
  const message = 'the server rejected our request due to an error in our request';
  return new StatusError({ code: 422, reason: 'Invalid', message, details: {} });
}
