import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, invalidField } from './errors/api-error';

/** Of a header; `*` stands for any state that there is. */
type TagList = '*' | readonly { readonly tag: string; readonly isWeak: boolean }[];

/** What `If-Match` and `If-None-Match` of one request ask for (RFC 9110, section 13.1). */
class RequestConditions {
  constructor(
    private readonly match: TagList | null,
    private readonly noneMatch: TagList | null,
  ) {}

  /** Whether the request names the state that it is about. */
  get namesState(): boolean {
    return this.match !== null;
  }

  get areGiven(): boolean {
    return this.match !== null || this.noneMatch !== null;
  }

  /** Whether a write may take the place of this state. @param tag its tag, `null` where there is none */
  holds(tag: string | null): boolean {
    return this.isMatch(tag) && this.isNoneMatch(tag);
  }

  /** `If-Match`, by strong comparison: a weak tag says too little. */
  isMatch(tag: string | null): boolean {
    if (this.match === null) return true;
    if (this.match === '*') return tag !== null;
    return this.match.some((wanted) => wanted.tag === tag && !wanted.isWeak);
  }

  /** `If-None-Match`, by weak comparison. */
  isNoneMatch(tag: string | null): boolean {
    if (this.noneMatch === null) return true;
    if (this.noneMatch === '*') return tag === null;
    return this.noneMatch.every((unwanted) => unwanted.tag !== tag);
  }
}

/** @throws ApiError INVALID_FIELD for a header that is none of the two forms: it must not be without effect */
export function conditionsOf({ headers }: Pick<FastifyRequest, 'headers'>): RequestConditions {
  return new RequestConditions(
    tagListOf('If-Match', headers['if-match']),
    tagListOf('If-None-Match', headers['if-none-match']),
  );
}

export function preconditionFailed(currentTag: string | null): ApiError {
  const current = currentTag === null ? 'there is none' : `the current ETag is "${currentTag}"`;
  return new ApiError('PRECONDITION_FAILED', { text: `precondition failed: ${current}` });
}

/**
 * Answers a `GET`: with the state and its tag, with 304 where the client has it already.
 * @throws ApiError PRECONDITION_FAILED where the client asks for another state
 */
export function sendState(request: FastifyRequest, reply: FastifyReply, tag: string, body: object): void {
  const conditions = conditionsOf(request);
  if (!conditions.isMatch(tag)) throw preconditionFailed(tag);
  reply.header('etag', `"${tag}"`);
  if (conditions.isNoneMatch(tag)) void reply.status(200).send(body);
  else void reply.status(304).send();
}

/** An entity tag and what follows it in a list. */
const LISTED_TAG = /[ \t,]*(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"[ \t]*(?=,|$)/y;
const REST = /[ \t,]*$/y;

function tagListOf(name: string, header: string | undefined): TagList | null {
  if (header === undefined) return null;
  if (header.trim() === '*') return '*';
  const found: { tag: string; isWeak: boolean }[] = [];
  LISTED_TAG.lastIndex = 0;
  let end = 0;
  for (let part = LISTED_TAG.exec(header); part !== null; part = LISTED_TAG.exec(header)) {
    found.push({ tag: part[2] ?? '', isWeak: part[1] !== undefined });
    end = LISTED_TAG.lastIndex;
  }
  REST.lastIndex = end;
  if (found.length === 0 || !REST.test(header)) throw invalidField(name, 'must be * or a list of ETags in quotes');
  return found;
}
