import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiWebhook } from './webhook-docs';
import { WebhookResponder } from './webhook-responder';

const FORMS = ['application/x-www-form-urlencoded', 'application/json'] as const;

const NOTE = 'The address that is registered with a provider; WEBHOOK_PREFIX sets where it begins.';

const REPORT_NOTE = 'Beside the address that is registered for calls; WEBHOOK_PREFIX sets where it begins.';

/** The addresses that providers call from outside, below the webhook prefix. */
@ApiTags('webhooks')
@Controller(':provider/callback')
export class PublicWebhooksController {
  constructor(private readonly responder: WebhookResponder) {}

  @Post()
  @ApiConsumes(...FORMS)
  @ApiWebhook({ id: 'callback', kind: 'allocate', method: 'POST', note: NOTE })
  callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.responder.respond('allocate', request, reply, null);
  }

  @Get()
  @ApiWebhook({ id: 'callbackByQuery', kind: 'allocate', method: 'GET', note: NOTE })
  callbackByQuery(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.responder.respond('allocate', request, reply, null);
  }

  @Post('status')
  @ApiConsumes(...FORMS)
  @ApiWebhook({ id: 'callbackStatus', kind: 'status', method: 'POST', note: REPORT_NOTE })
  status(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.responder.respond('status', request, reply, null);
  }

  @Get('status')
  @ApiWebhook({ id: 'callbackStatusByQuery', kind: 'status', method: 'GET', note: REPORT_NOTE })
  statusByQuery(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.responder.respond('status', request, reply, null);
  }

  @Post('details')
  @ApiConsumes(...FORMS)
  @ApiWebhook({ id: 'callbackDetails', kind: 'status', method: 'POST', note: REPORT_NOTE })
  details(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.responder.respond('status', request, reply, null);
  }

  @Get('details')
  @ApiWebhook({ id: 'callbackDetailsByQuery', kind: 'status', method: 'GET', note: REPORT_NOTE })
  detailsByQuery(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.responder.respond('status', request, reply, null);
  }

  @Post(':template')
  @ApiConsumes(...FORMS)
  @ApiWebhook({ id: 'callbackWithTemplate', kind: 'allocate', method: 'POST', note: NOTE, pathTemplate: true })
  withTemplate(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.responder.respond('allocate', request, reply, templateOf(request));
  }

  @Get(':template')
  @ApiWebhook({ id: 'callbackWithTemplateByQuery', kind: 'allocate', method: 'GET', note: NOTE, pathTemplate: true })
  withTemplateByQuery(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.responder.respond('allocate', request, reply, templateOf(request));
  }
}

function templateOf(request: FastifyRequest): string {
  return (request.params as { template: string }).template;
}
