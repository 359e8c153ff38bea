import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiWebhook } from './webhook-docs';
import { WebhookResponder } from './webhook-responder';

const FORMS = ['application/x-www-form-urlencoded', 'application/json'] as const;

const NOTE = 'The address that is registered with a provider; WEBHOOK_PREFIX sets where it begins.';

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
