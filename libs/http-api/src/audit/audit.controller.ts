import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { FieldsPipe } from '@smart-router/http';
import { type ChangeRecord, CHANGES_KEPT, isoTime, type RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE } from '@smart-router/routing-store/nest';
import { listPage } from '../inputs/list-page.dto';
import { pageRequest } from '../inputs/page-query.dto';
import { ApiRoute, STORE_ERRORS } from '../openapi/api-route';
import { AuditPage, AuditQuery, type ChangeBody } from './audit.dto';
import { redactText } from './redact-text';

@ApiTags('audit')
@Controller('audit')
export class AuditController {
  constructor(@Inject(ROUTING_STORE) private readonly store: Pick<RoutingStore, 'kind' | 'changeLog'>) {}

  @Get()
  @ApiRoute({
    id: 'listChanges',
    scope: 'read',
    summary: 'Show who changed what',
    description:
      `Changes of the tier config and of merchants, drains of pods, and restarts of components, newest first, the last ` +
      `${CHANGES_KEPT}. A change of the store and its entry are stored as one; a request that changed nothing has none. Changes by hand in Redis are not seen.`,
    answer: AuditPage,
    query: AuditQuery,
    answerText: 'One page.',
    errors: ['INVALID_FIELD', ...STORE_ERRORS],
    fieldError: 'limit must be a whole number from 1 to 500',
  })
  async list(@Query(new FieldsPipe(AuditQuery)) query: AuditQuery): Promise<AuditPage> {
    const { action, actor, subject, request_id: requestId } = query;
    const request = pageRequest('audit', query, this.store.kind);
    const { items, cursor } = await this.store.changeLog.changes(request, { action, actor, subject, requestId });
    return { items: items.map(changeBody), ...listPage('audit', cursor) };
  }
}

function changeBody(record: ChangeRecord): ChangeBody {
  const { id, timeMs, action, actor, subject, version, before, after, requestId, clientAddress } = record;
  return {
    ...{ id, time: isoTime(timeMs), action, actor, subject: subject || null, version },
    ...{ before: redactText(before), after: redactText(after) },
    ...{ request_id: requestId || null, client_address: clientAddress || null },
  };
}
