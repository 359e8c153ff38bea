import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';

/** `read`: shows a state with its ETag. `write`: changes one. */
export type ConditionalUse = 'read' | 'write';

export const ETAG_HEADER = {
  ETag: {
    description: 'Differs for every state that a reader can distinguish.',
    schema: { type: 'string', example: '"3-5f2c6a1be0d94c77"' },
  },
} as const;

const TEXTS: Readonly<Record<ConditionalUse, readonly [ifMatch: string, ifNoneMatch: string]>> = {
  read: [
    'ETags: any other state is answered with 412.',
    'ETags that the client has: one of them is answered with 304 and no body.',
  ],
  write: [
    'ETags: the change is made only where the state has one of them at the moment of the write, else 412. `*`: only where there is one.',
    'ETags that the state must not have. `*`: the change is made only where there is no state yet, else 412.',
  ],
};

/** Describes `If-Match` and `If-None-Match` of a route (RFC 9110, section 13). */
export function ApiConditions(use: ConditionalUse): MethodDecorator {
  const [ifMatch, ifNoneMatch] = TEXTS[use];
  const header = (name: string, description: string): MethodDecorator =>
    ApiHeader({ name, description, required: false, schema: { type: 'string' } });
  return applyDecorators(
    header('If-Match', ifMatch),
    header('If-None-Match', ifNoneMatch),
    ...(use === 'read'
      ? [ApiResponse({ status: 304, description: 'The client has this state.', headers: ETAG_HEADER })]
      : []),
  );
}
