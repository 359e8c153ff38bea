import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from '@smart-router/logging';
import { recoveredPanics } from '@smart-router/metrics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { annotate } from '../access-log';
import type { AllowedMethods } from '../allowed-methods';
import { ApiError } from './api-error';
import { type ErrorAnswer, errorAnswer } from './error-answer';
import type { ErrorCode } from './error-codes';
import { outageCause } from './outage-cause';

/** Answers every error of every route, and unknown routes, in the one shape. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly allowedMethods: AllowedMethods,
    private readonly logger: Logger,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** The same for what was thrown outside of Nest. */
  answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const error = request.is404 ? this.unmatched(request) : thrown;
    const { status, headers, body } = withLimit(errorAnswer(error, request.id), request);
    this.report(error, body.code, request, reply);
    // The deadline has answered already.
    if (reply.sent) return;
    reply.code(status).headers(headers).type('application/json; charset=utf-8').send(JSON.stringify(body));
  }

  private unmatched(request: FastifyRequest): ApiError {
    const methods = this.allowedMethods.of(request.url);
    // Patterns match more than the router does: a path that has the method and still was not found does not exist.
    if (methods.length === 0 || methods.includes(request.method)) return new ApiError('NOT_FOUND');
    return new ApiError('METHOD_NOT_ALLOWED', { headers: { allow: methods.join(', ') } });
  }

  /** Expected errors are reported by the request's own line; what is unexpected gets a line with its stack. */
  private report(error: unknown, code: ErrorCode, request: FastifyRequest, reply: FastifyReply): void {
    if (code === 'INTERNAL') {
      recoveredPanics.inc();
      this.logger.error({ err: error, request_id: request.id }, 'request failed unexpectedly');
    } else if (reply.sent) {
      this.logger.warn({ err: error, request_id: request.id }, 'request failed after it had been answered');
    }
    if (!reply.sent) annotate(request, { error_code: code, ...outageCause(error, code) });
  }
}

/** The framework refuses a body that is too large, and does not say how large it may be. */
function withLimit(answer: ErrorAnswer, { routeOptions }: FastifyRequest): ErrorAnswer {
  if (answer.body.code !== 'BODY_TOO_LARGE') return answer;
  const error = `${answer.body.error}: at most ${routeOptions.bodyLimit} bytes`;
  return { ...answer, body: { ...answer.body, error } };
}
