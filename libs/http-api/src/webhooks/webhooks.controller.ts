import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiWebhook } from './webhook-docs';
import { WebhookResponder } from './webhook-responder';

const FORMS = ['application/x-www-form-urlencoded', 'application/json'] as const;

/** The webhooks of all providers beside the rest of the API. */
@ApiTags('webhooks')
@Controller(':provider')
export class WebhooksController {
  constructor(private readonly responder: WebhookResponder) {}

  @Post('allocate')
  @ApiConsumes(...FORMS)
  @ApiWebhook({ id: 'webhookAllocate', kind: 'allocate', method: 'POST', note: '' })
  allocate(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.responder.respond('allocate', request, reply, null);
  }

  @Get('allocate')
  @ApiWebhook({ id: 'webhookAllocateByQuery', kind: 'allocate', method: 'GET', note: 'For providers that use GET.' })
  allocateByQuery(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.responder.respond('allocate', request, reply, null);
  }

  @Post('status')
  @ApiConsumes(...FORMS)
  @ApiWebhook({ id: 'webhookStatus', kind: 'status', method: 'POST', note: '' })
  status(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.responder.respond('status', request, reply, null);
  }

  @Get('status')
  @ApiWebhook({ id: 'webhookStatusByQuery', kind: 'status', method: 'GET', note: 'For providers that use GET.' })
  statusByQuery(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.responder.respond('status', request, reply, null);
  }
}
